# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bats disable=SC2154
# -u where the destination stores coarser times than the source has.

load helper

NEW='2020-02-02 02:02:03.777777777'

# A tree whose times need all digits, links and names of one file included.
make_source() {
	mkdir -p source/sub/deeper
	echo a >source/a
	echo b >source/sub/b
	echo c >source/sub/deeper/c
	ln source/a source/sub/a2
	ln -s a source/link
	find source -exec touch -h -d "$NEW" {} +
}

# nothing_is_copied ARGUMENT...
nothing_is_copied() {
	run -0 --separate-stderr rcp -v "$@"
	assert_equal "$output$stderr" ""
}

@test "-u: a second run copies nothing, however coarse the times are" {
	local place options

	for place in ext4-128 xfs btrfs ext4 tmpfs overlay; do
		on xfs
		[[ -e source ]] || make_source
		to=$(place "$place")
		for options in -au -Rpu "-a --update=older" "-auL" "-au -j4" \
			"-Rpu -j4" "-au -j1" "-Ru --preserve=timestamps"; do
			rm -rf "$to/copy" "$to/file"
			# shellcheck disable=SC2086
			run -0 rcp -T $options source "$to/copy"
			# shellcheck disable=SC2086
			nothing_is_copied -T $options source "$to/copy"
		done
		for options in -pu --update=older\ -p -puT --parents\ -pu; do
			rm -rf "$to/in"
			mkdir "$to/in"
			[[ $options == *T* ]] && touch "$to/in/a" -d @0
			set -- "$to/in"
			[[ $options == *T* ]] && set -- "$to/in/a"
			# shellcheck disable=SC2086
			run -0 rcp $options source/a "$@"
			# shellcheck disable=SC2086
			nothing_is_copied $options source/a "$@"
		done
	done
}

@test "-u: what is older by as much as can be stored is copied" {
	local place

	for place in ext4-128 xfs btrfs ext4 tmpfs; do
		on "$place"
		echo old >copy
		echo new >source
		# The next second is another time everywhere.
		touch -d '2020-02-02 02:02:02.9' copy
		touch -d '2020-02-02 02:02:03.0' source
		run -0 rcp -u source copy
		assert_equal "$(<copy)" new
		echo old >copy
		touch -d '2020-02-02 02:02:02' copy
		touch -d '2020-02-02 02:02:03.5' source
		run -0 rcp -u source copy
		assert_equal "$(<copy)" new
		# Older than another second, which is even: no FAT is there.
		echo old >copy
		touch -d '2020-02-02 02:02:02' copy
		touch -d '2020-02-02 02:02:03' source
		run -0 rcp -u source copy
		assert_equal "$(<copy)" new
	done
}

@test "-u: where times are fine, a nanosecond is enough" {
	local place

	for place in xfs btrfs ext4 tmpfs; do
		on "$place"
		echo old >copy
		echo new >source
		# A whole second in the copy is no reason to think that it was cut.
		touch -d '2020-02-02 02:02:02' copy
		touch -d '2020-02-02 02:02:02.000000001' source
		run -0 rcp -u source copy
		assert_equal "$(<copy)" new
	done
}

@test "-u: symbolic links and coarse sources" {
	on ext4-128
	ln -s old copy
	ln -s new source
	touch -h -d "$NEW" source copy
	nothing_is_copied -uP source copy
	cd "$(place xfs)" || return 1
	ln -s new source
	touch -h -d "$NEW" source
	nothing_is_copied -uP source "$OLDPWD/copy"
	# From where times are coarse to where they are not.
	run -0 rcp -pPu "$OLDPWD/source" copy
	nothing_is_copied -pPu "$OLDPWD/source" copy
}

@test "-u: a copy without its times is up to date within the second" {
	on ext4-128
	echo new >source
	run -0 rcp -u source copy
	nothing_is_copied -u source copy
}

@test "-u asks for no more than it did" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	make_source
	run -0 rcp -a source copy
	run -0 strace -f -c -e trace=fstatfs -o "$BATS_TEST_TMPDIR/calls" \
		"$REFLINKCP" -RuT source copy
	run -1 grep fstatfs "$BATS_TEST_TMPDIR/calls"
}

# An overlay doesn't say what lies below it: its times have to show that.
@test "-u: an overlay on what has coarse times" {
	local place source

	need_root
	source=$(place tmpfs)/source
	echo new >"$source"
	touch -d "$NEW" "$source"
	# How many lines -v has: with exact times the copy is older.
	for place in ext4-128:0 xfs:1; do
		on "${place%:*}"
		mkdir lower upper work all
		# shellcheck disable=SC2016
		run -0 unshare -m bash -c 'mount -t overlay -o \
			lowerdir=lower,upperdir=upper,workdir=work overlay all
			echo old >all/copy
			touch -d "2020-02-02 02:02:03" all/copy
			"$0" -uv "$1" all/copy | wc -l' "$REFLINKCP" "$source"
		assert_output "${place#*:}"
	done
}
