# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2030,SC2031,SC2154,SC2164
# A directory copied into itself, under its own name and under others.

load helper

# into_itself SOURCE SAID ARGUMENT...: stands in a fresh d (f, s/g, e/y/x, l -> .);
# it says so of SAID, by one worker and by four, and comes to an end.
into_itself() {
	local jobs source=$1 said=$2

	shift 2
	for jobs in 1 4; do
		rm -rf d
		mkdir -p d/s d/e/y/x
		touch d/f d/s/g d/e/z
		ln -s . d/l
		run -1 --separate-stderr env -C d timeout 10 \
			"$REFLINKCP" -j $jobs "$@"
		assert_equal "$stderr" \
			"$ME: cannot copy a directory, '$source', into itself, '$said'"
		assert_equal "$(find d -mindepth 8)" ""
	done
}

# into_itself_on FS: as cp has it on most file systems.
into_itself_on() {
	on "$1"
	into_itself . new -R . new
	assert [ -f d/new/f -a -f d/new/s/g -a ! -e d/new/new ]
	into_itself . new -RT . new
	into_itself . ./new/ -a . ./new/
	into_itself . new -Rx . new
	into_itself ../d new -R ../d new
	into_itself l/ new -R l/ new
	into_itself l new -RH l new
	into_itself . s/. -R . s
	into_itself . s -RT . s
	into_itself . s/new -R . s/new
	assert [ -f d/s/new/f -a -f d/s/new/s/g -a ! -e d/s/new/s/new ]
	into_itself s s/s -R s s
	assert [ -f d/s/s/g -a ! -e d/s/s/s ]
	into_itself s s/s -R -t s s
	into_itself ../d ./d -R -t . ../d
	into_itself e e/e -R e e
	into_itself e e/new -R e e/new
	into_itself e e/new -RT e e/new
	into_itself e e/y/x/e -R e e/y/x
	into_itself e e/y/x -RT e e/y/x
	into_itself e e/y/x/new -R e e/y/x/new
	into_itself ../d/.. s/. -R ../d/.. s
	into_itself s s/s -R --parents s s
	into_itself e e/y/e -R --parents e e/y
	into_itself e/y e/y/e/y -R --parents e/y e/y
	into_itself . s/. -R --parents . s
}

@test "xfs: into itself" {
	into_itself_on xfs
}

@test "btrfs: into itself" {
	into_itself_on btrfs
}

@test "ext4: into itself" {
	into_itself_on ext4
}

@test "tmpfs: into itself" {
	into_itself_on tmpfs
}

@test "overlay: into itself" {
	into_itself_on overlay
}

# batches_on FS: of directories that are read in several batches, what is made in
# them meanwhile is not copied.
batches_on() {
	on "$1"
	# d/s/s is copied to d/s, which is being read.
	for jobs in 1 4; do
		rm -rf d
		mkdir -p d/s/s
		touch d/s/s/{1..20}
		mktree long d/s 4400
		run -0 rcp -RT -j $jobs d/s d
		assert_output ""
		assert_equal "$(find d -mindepth 1 -maxdepth 1 | wc -l)" 4401
		assert_equal "$(find d/s -mindepth 1 -maxdepth 1 | wc -l)" 4421
	done
	# It would be the last entry.
	rm -rf d
	mktree long d 4400
	into_itself_here -R . new
	assert_equal "$(find d/new | wc -l)" 4401
	# What is at the end of d/s when that is read.
	rm -rf d
	mkdir d
	mktree long d/s 4400
	into_itself_here -R . s/new
	assert_equal "$(find d/s/new | wc -l)" 4402
	assert [ ! -e d/s/new/s/new ]
}

# into_itself_here ARGUMENT...: in d, it says so once.
into_itself_here() {
	run -1 env -C d timeout 60 "$REFLINKCP" "$@"
	assert_output "$ME: cannot copy a directory, '${*: -2:1}', into itself, '${*: -1}'"
}

@test "xfs: into itself, in several batches" {
	batches_on xfs
}

@test "ext4: into itself, in several batches" {
	batches_on ext4
}

# layers: L is below and U is above in M; L/s and U/u are there.
layers() {
	cleanup
	rm -rf L U W M
	mkdir -p L/s U/u W M
	echo lower >L/s/f
	echo upper >U/u/f
	mount -t overlay -o "lowerdir=$PWD/L,upperdir=$PWD/U,workdir=$PWD/W" \
		overlay M
	below=$PWD/M
}

cleanup() {
	[[ ! ${below-} ]] || umount "$below"
	below=
}

# ends DEPTH ARGUMENT...: it does, with status 0 or with the message; nothing in
# the layers is more than DEPTH levels deep.
ends() {
	local depth=$1

	shift
	run timeout 20 "$REFLINKCP" "$@"
	[[ $status -eq 0 && ! $output ]] || assert_equal "$status:$output" \
		"1:$ME: cannot copy a directory, '${*: -2:1}', into itself, '${*: -1}'"
	assert_equal "$(find L U -mindepth $((depth + 1)))" ""
}

@test "a tree into another face of itself: an overlay and its layers" {
	need_root
	for fs in xfs tmpfs; do
		on $fs
		for jobs in 1 4; do
			layers
			ends 4 -R -j $jobs M U/new
			assert [ -f U/new/s/f -a -f U/new/u/f ]
			layers
			ends 4 -R -j $jobs U M/new
			assert [ -f M/new/u/f ]
			layers
			ends 4 -R -j $jobs L M/new
			assert [ "$status" -eq 0 -a -f M/new/s/f ]
			layers
			ends 10 -R -j $jobs M U/u/new
			assert_equal "$status" 1
			layers
			ends 10 -a -j $jobs U M/u/new
			layers
			ends 14 -R -j $jobs M U/u/u
			assert_equal "$status" 1
			layers
			ends 4 -R -j $jobs L M/s/new
			layers
			mktree long U 4400
			ends 4 -R -j $jobs U M/new
			assert_equal "$(find M/new | wc -l)" 4403
		done
		cleanup
	done
}

@test "a tree into another face of itself: a bind mount" {
	need_root
	on xfs
	mkdir -p L/s M
	echo 1 >L/s/f
	mount --bind L M
	below=$PWD/M
	for args in "L M/new" "L M/s/new" "M L/new" "M L/s/new"; do
		# shellcheck disable=SC2086
		run -1 timeout 20 "$REFLINKCP" -R $args
		assert_output "$ME: cannot copy a directory, '${args% *}', into itself, '${args#* }'"
		rm -rf L/new L/s/new
	done
}

@test "a tree into another face of itself: through FUSE" {
	on xfs
	mkdir -p L/s U
	echo 1 >L/s/f
	oddfs L M
	for args in "L M/new" "M L/new" "L M/s/new" "M L/s/new"; do
		for jobs in 1 4; do
			# shellcheck disable=SC2086
			ends 10 -R -j $jobs $args
			assert_equal "$status" 1
			rm -rf M/new M/s/new
		done
	done
}

@test "a tree whose names repeat is copied whole" {
	on tmpfs
	mktree deep source 3000
	run -0 rcp -a source copy
	run -0 mktree is-deep copy 3000
}

# It may be as young as the copy: made within the same tick of the clock.
repeat_on() {
	on "$1"
	for _ in {1..40}; do
		rm -rf a a2 d
		mkdir -p a/a/b/a/b/a/b a/a/a/a/a/a/a d
		run -0 rcp -R a a2
		assert_output ""
		assert [ -d a2/a/b/a/b/a/b -a -d a2/a/a/a/a/a/a ]
		run -0 rcp -a a d
		assert_output ""
		assert_equal "$(find a | sort)" "$(find d/a | cut -c 3- | sort)"
	done
}

@test "a tree whose names repeat, just made: ext4" {
	repeat_on ext4
}

@test "a tree whose names repeat, just made: overlay" {
	repeat_on overlay
}

@test "a tree whose names repeat, just made: tmpfs" {
	repeat_on tmpfs
}

@test "a tree whose names repeat, where times are whole seconds" {
	need_root
	on tmpfs
	truncate -s 8M image
	mkfs.ext4 -q -I 128 image
	mkdir M
	mount -o loop image M
	below=$PWD/M
	mkdir -p M/a/a/a/a/a M/d
	run -0 rcp -R M/a M/d
	assert_output ""
	assert [ -d M/d/a/a/a/a/a ]
}
