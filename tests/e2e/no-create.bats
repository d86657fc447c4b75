# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164
# --no-create: a destination that isn't there is a failure.

load helper

# not_made NAME ARGUMENT...: it fails and names NAME; nothing is made.
not_made() {
	local name=$1 before

	shift
	before=$(find . | sort)
	refused "not creating '$name', which does not exist" --no-create "$@"
	assert_equal "$(find . | sort)" "$before"
}

@test "--no-create: a file" {
	on xfs
	echo source >s
	echo old >d
	mkdir into
	not_made new s new
	not_made new -T s new
	not_made into/s s into
	not_made into/s -t into s
	not_made new --reflink=never s new
	run -1 rcp --no-create s none/new
	assert_output "$ME: cannot create regular file 'none/new': No such file or directory"
	for way in --reflink=auto --reflink=always --reflink=never; do
		echo old >d
		run -0 --separate-stderr rcp --no-create $way s d
		assert_equal "$output$stderr" ""
		assert_same s d
	done
	cp d into/s
	echo more >>s
	run -0 rcp --no-create s into
	run -0 rcp --no-create -t . into/s
	assert_same s into/s
}

@test "--no-create: several files, those that are there are copied" {
	on xfs
	echo 1 >a
	echo 2 >b
	echo 3 >c
	mkdir into
	touch into/a into/c
	refused "not creating 'into/b', which does not exist" \
		--no-create a b c into
	assert_equal "$(cd into && echo * && cat -- *)" $'a c\n1\n3'
}

@test "--no-create: ranges" {
	on xfs
	mkfile s data:64K:1
	mkfile d data:64K:2
	cp d want
	dd if=s of=want bs=4K count=1 conv=notrunc status=none
	for way in auto always never; do
		not_made new --range=0:4K:0 --reflink=$way s new
		cp --reflink=never want d
		run -0 rcp --no-create --range=0:4K:0 --reflink=$way s d
		assert_same d want
	done
	echo 0 4K 0 >list
	not_made new --ranges-from=list s new
}

@test "--no-create: trees" {
	for fs in xfs ext4; do
		on "$fs"
		mkdir -p s/here/more s/away/deep d/s/here
		echo 1 >s/file
		echo 2 >s/here/new
		echo 3 >s/here/old
		echo 4 >s/away/deep/one
		ln -s x s/link
		mkfifo s/fifo
		echo old | tee d/s/file d/s/here/old >/dev/null
		before=$(cd d && find . | sort)
		for jobs in 1 4; do
			run -1 rcp --no-create -aj$jobs s d
			assert_equal "$(sort <<<"$output")" "\
$ME: not creating 'd/s/away', which does not exist
$ME: not creating 'd/s/fifo', which does not exist
$ME: not creating 'd/s/here/more', which does not exist
$ME: not creating 'd/s/here/new', which does not exist
$ME: not creating 'd/s/link', which does not exist"
			assert_equal "$(cd d && find . | sort)" "$before"
			assert_same s/file d/s/file
			assert_same s/here/old d/s/here/old
		done
		not_made none -R s none
		not_made none -RT s none
		cp -a s full
		run -0 rcp --no-create -aT s full
	done
}

@test "--no-create: names of one file" {
	on xfs
	mkdir -p s d/s
	echo 1 >s/a
	ln s/a s/b
	touch d/s/a
	refused "not creating 'd/s/b', which does not exist" \
		--no-create -a -j 1 s d
	assert_same s/a d/s/a
	assert_absent d/s/b
}

@test "--no-create --parents" {
	on xfs
	mkdir -p a/b d
	echo 1 >a/b/c
	not_made d/a --parents a/b/c d
	mkdir -p d/a
	not_made d/a/b --parents a/b/c d
	mkdir -p d/a/b
	not_made d/a/b/c --parents a/b/c d
	touch d/a/b/c
	run -0 rcp --no-create --parents a/b/c d
	assert_same a/b/c d/a/b/c
}

@test "--no-create: links, and attributes only" {
	on xfs
	echo 1 >s
	chmod 640 s
	not_made new -l s new
	not_made new -s s new
	not_made new --attributes-only -p s new
	ln -s s link
	not_made new -P link new
	touch d
	run -0 rcp --no-create --attributes-only -p s d
	assert_equal "$(stat -c %a:%s d)" 640:0
	run -0 rcp --no-create -lf s d
	assert_equal "$(inode s)" "$(inode d)"
	touch e
	run -0 rcp --no-create -sf "$PWD/s" e
	assert_equal "$(readlink e)" "$PWD/s"
}

@test "--no-create: a link that leads nowhere is no file" {
	on xfs
	echo 1 >s
	ln -s nowhere d
	run -1 rcp --no-create s d
	assert_output "$ME: not writing through dangling symlink 'd'"
	run -1 env POSIXLY_CORRECT=1 "$REFLINKCP" --no-create s d
	assert_output "$ME: not writing through dangling symlink 'd'"
	assert_absent nowhere
	run -0 rcp --no-create --remove-destination s d
	assert_same s d
}

@test "--no-create beside what chooses and keeps what exists" {
	on xfs
	echo 1 >s
	for option in -n -u -i -f -b --remove-destination --update=none-fail \
		--backup=numbered; do
		not_made new $option s new
	done
	echo old >d
	run -0 rcp --no-create -n s d
	assert_equal "$(cat d)" old
	touch -d 2030-01-01 d
	run -0 rcp --no-create -u s d
	assert_equal "$(cat d)" old
	run -0 rcp --no-create -b s d
	assert_equal "$(cat d d~)" $'1\nold'
	chmod 0 d
	run -0 rcp --no-create -f s d
	run -0 rcp --no-create -fb d d
	assert_only s d d~
}
