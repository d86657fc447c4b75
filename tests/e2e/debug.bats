# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# -v and --debug: what is said is what was observed.

load helper

@test "--debug: cloned" {
	on xfs
	mkfile source data:1M:1
	run -0 rcp --debug source copy
	assert_equal "${lines[0]}" "'source' -> 'copy'"
	assert_equal "${lines[1]}" \
		"copy offload: unknown, reflink: yes, sparse detection: unknown"
	assert_equal "${lines[2]}" "cloned"
	assert_equal "${#lines[@]}" 3
	assert_shared source copy
}

@test "--debug: copied to another file system, and what ended cloning" {
	need xfs tmpfs
	on xfs
	mkfile source data:1M:1
	to=$(place tmpfs)/copy
	run -0 rcp --debug source "$to"
	assert_equal "${lines[0]}" "'source' -> '$to'"
	[[ ${lines[1]} =~ ^copy\ offload:\ (unsupported|no),\ reflink:\ (unsupported|no),\ sparse\ detection:\ [A-Za-z_\ +]+$ ]] ||
		fail "${lines[1]}"
	assert_equal "${lines[2]}" "copied: FICLONE: EXDEV"
}

@test "--debug: offloaded, where the kernel copies" {
	on ext4
	mkfile source data:1M:1
	run -0 rcp --debug source copy
	[[ ${lines[1]} == "copy offload: yes, reflink: unsupported, "* ]] ||
		fail "${lines[1]}"
	assert_equal "${lines[2]}" "offloaded: FICLONE: EOPNOTSUPP"
	assert_same source copy
}

@test "--debug: copied, because of --reflink=never" {
	on xfs
	mkfile source data:1M:1
	run -0 rcp --debug --reflink=never source copy
	[[ ${lines[1]} == "copy offload: avoided, reflink: no, "* ]] ||
		fail "${lines[1]}"
	assert_equal "${lines[2]}" "copied"
	assert_disjoint source copy
}

@test "--debug: a second file of the same pair of file systems says the same" {
	on ext4
	mkdir into
	mkfile one data:100K:1
	mkfile two data:100K:2
	run -0 rcp --debug one two into
	assert_equal "${lines[2]}" "offloaded: FICLONE: EOPNOTSUPP"
	assert_equal "${lines[5]}" "offloaded: FICLONE: EOPNOTSUPP"
}

@test "--debug: an empty file and a link are not said to be cloned" {
	on xfs
	: >empty
	ln -s empty link
	run -0 rcp --debug empty copy
	refute_output --partial "cloned"
	run -0 rcp --debug -P link link2
	refute_output --partial "cloned"
}

# words FROM TO OPTION SOURCE WORDS: what GNU cp 9.10 says as well, measured.
words() {
	local from to

	from=$(place "$1")
	to=$(place "$2")/copy
	: >"$from/empty"
	truncate -s 1M "$from/hole"
	rm -f "$to"
	[[ $4 == /* ]] || from=$from/
	[[ $4 == /* ]] && from=
	run -0 rcp --debug "$3" "$from$4" "$to"
	assert_equal "$1 $2 $3 $4: ${lines[1]}" \
		"$1 $2 $3 $4: copy offload: ${5%%/*}, reflink: $(cut -d / -f 2 <<<"$5"), sparse detection: ${5##*/}"
}

@test "--debug: cp's words for an empty file" {
	need xfs btrfs ext4 tmpfs overlay
	for fs in xfs btrfs overlay; do
		words $fs $fs --reflink=auto empty unknown/yes/unknown
		words $fs $fs --sparse=always empty unknown/yes/unknown
		words $fs $fs --reflink=always empty unknown/yes/unknown
	done
	for fs in ext4 tmpfs; do
		words $fs $fs --reflink=auto empty unknown/unsupported/no
		words $fs $fs --sparse=always empty avoided/unsupported/zeros
	done
	for to in ext4 tmpfs; do
		words xfs $to --reflink=auto empty unsupported/unsupported/no
		words xfs $to --sparse=always empty avoided/unsupported/zeros
	done
	for to in xfs ext4; do
		words xfs $to --reflink=never empty avoided/no/no
		words xfs $to --sparse=never empty avoided/no/no
	done
}

@test "--debug: cp's words for a file that is one hole" {
	need xfs btrfs ext4 tmpfs overlay
	for fs in xfs btrfs overlay; do
		words $fs $fs --reflink=auto hole unknown/yes/unknown
		words $fs $fs --reflink=never hole unknown/no/SEEK_HOLE
		words $fs $fs --sparse=never hole unknown/no/SEEK_HOLE
	done
	for fs in ext4 tmpfs; do
		words $fs $fs --reflink=auto hole unknown/unsupported/SEEK_HOLE
		words $fs $fs --sparse=always hole unknown/unsupported/SEEK_HOLE
		words xfs $fs --reflink=auto hole unknown/unsupported/SEEK_HOLE
	done
}

@test "--debug: cp's words for /proc and /sys" {
	need xfs ext4
	sys=/sys/kernel/mm/transparent_hugepage/enabled
	for to in xfs ext4; do
		for source in /proc/version $sys; do
			words $to $to --reflink=auto "$source" unsupported/unsupported/no
			words $to $to --reflink=never "$source" avoided/no/no
			words $to $to --sparse=always "$source" avoided/unsupported/zeros
			words $to $to --sparse=never "$source" avoided/no/no
		done
	done
}

@test "an empty file with --reflink=always is made, whether or not there are clones" {
	need xfs ext4
	on xfs
	mkdir real
	oddfs real odd
	: >empty
	for to in . real odd "$(place ext4)"; do
		for source in empty odd/source; do
			: >real/source
			for option in -v --debug; do
				run -0 rcp --reflink=always $option $source "$to/new"
				assert_equal "$(stat -c %s "$to/new")" 0
				rm "$to/new"
			done
		done
	done
	echo old >old
	run -0 rcp --reflink=always empty old
	assert_same empty old
}

@test "a file that says it is empty and isn't is not made with --reflink=always" {
	on xfs
	mkdir real
	echo data >real/f
	oddfs real odd f:size=0
	echo old >old
	for option in -v --debug; do
		run -1 rcp --reflink=always $option odd/f new
		assert_output --partial "failed to clone 'new' from 'odd/f'"
		assert_absent new
		run -1 rcp --reflink=always $option odd/f old
		assert_equal "$(<old)" old
	done
}

@test "-v: a line for each file that was copied, and its backup" {
	echo 1 >a
	echo 2 >b
	run -0 rcp -v a c
	assert_output "'a' -> 'c'"
	run -0 rcp -v -b a b
	assert_output "'a' -> 'b' (backup: 'b~')"
	run -0 rcp -v --backup=numbered a b
	assert_output "'a' -> 'b' (backup: 'b.~1~')"
}

@test "-v: no line for what was not done" {
	need_root
	on xfs
	: >a
	: >fixed
	chattr +i fixed
	run -1 --separate-stderr rcp -v a fixed
	assert_output ""
	run -1 --separate-stderr rcp -v missing b
	assert_output ""
	run -0 --separate-stderr rcp -v -n a fixed
	refute_output --partial "->"
}

@test "nothing is said without -v" {
	on xfs
	mkfile a data:1M:1
	run -0 rcp a b
	assert_output ""
	run -0 rcp --reflink=never a b
	assert_output ""
}

@test "standard output closed: -v fails, and a copy that says nothing does not" {
	echo 1 >a
	run -1 bash -c '"$0" -v a b >&-' "$REFLINKCP"
	assert_output "$ME: write error: Bad file descriptor"
	assert_same a b
	run -0 bash -c '"$0" a c >&-' "$REFLINKCP"
	assert_output ""
	assert_same a c
}

@test "standard output full: -v fails" {
	echo 1 >a
	run -1 bash -c '"$0" -v a b >/dev/full' "$REFLINKCP"
	assert_output "$ME: write error: No space left on device"
	run -1 bash -c '"$0" --help >/dev/full' "$REFLINKCP"
	assert_output "$ME: write error: No space left on device"
	run -1 bash -c '"$0" --version >/dev/full' "$REFLINKCP"
	assert_output "$ME: write error: No space left on device"
}

@test "standard output a broken pipe: the files are copied, the failure is told" {
	for i in {1..50}; do
		echo "$i" >"file$i"
	done
	mkdir into
	mkfifo pipe
	run bash -c 'exec 3<>pipe 4>pipe 3>&-
		"$0" -v file* into >&4; echo "status $?" >&2' "$REFLINKCP"
	assert_output --partial "write error: Broken pipe"
	assert_output --partial "status 1"
	assert_equal "$(find into -type f | wc -l)" 50
}

@test "all three standard streams closed: the copy is right all the same" {
	on xfs
	mkfile a data:1M:1
	mkfile same data:1M:1
	run -0 bash -c '"$0" a b <&- >&- 2>&-' "$REFLINKCP"
	assert_same a b
	assert_same a same
	run -0 bash -c '"$0" --reflink=never a c <&- >&- 2>&-' "$REFLINKCP"
	assert_same a c
	run bash -c '"$0" a missing/x <&- >&- 2>&-' "$REFLINKCP"
	assert_failure 1
	assert_same a same
}

@test "standard streams closed: no error message ends up in a file" {
	echo old >b
	echo 1 >a
	run bash -c '"$0" a missing b/ <&- >&- 2>&-' "$REFLINKCP"
	assert_failure 1
	assert_equal "$(cat a b)" $'1\nold'
}

@test "/dev/stdout closed: never another file" {
	mkfile a data:1000:1
	mkfile same data:1000:1
	run -1 bash -c '"$0" a /dev/stdout >&-' "$REFLINKCP"
	assert_same a same
}

@test "--help and --version" {
	run -0 --separate-stderr rcp --version
	assert_line --index 0 --regexp '^reflinkcp .*[0-9]+\.[0-9]+'
	assert_equal "$stderr" ""
	run -0 --separate-stderr rcp --help
	assert_output --partial "--reflink"
	assert_equal "$stderr" ""
}

@test "a link named cp speaks as cp" {
	ln -s "$REFLINKCP" cp
	PATH=$PWD:$PATH run -1 cp missing b
	assert_output "cp: cannot stat 'missing': No such file or directory"
}
