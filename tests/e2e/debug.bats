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
	run bash -c '{ "$0" -v file* into; echo "status $?" >&2; } | true' \
		"$REFLINKCP"
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
