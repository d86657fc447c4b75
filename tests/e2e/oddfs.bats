#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2154
# The file system that misbehaves on request does what its head says.

load helper

# traced CALLS COMMAND...: what strace says of them is in the file trace.
traced() {
	local calls=$1

	shift
	strace -f -q -o trace -e "trace=$calls" "$@" || true
}

@test "oddfs: without a rule it shows what is there, and takes what is written" {
	on xfs
	mkdir real
	echo data >real/f
	oddfs real odd
	assert_same odd/f real/f
	assert_equal "$(stat -c '%s %i %Y' odd/f)" "$(stat -c '%s %i %Y' real/f)"
	mkdir odd/d
	echo new >odd/d/n
	ln odd/d/n odd/l
	ln -s n odd/d/s
	mkfifo odd/p
	chmod 640 odd/d/n
	touch -d @1.5 odd/d/n
	setfattr -n user.a -v b odd/d/n
	mv odd/l odd/m
	run -0 stat -c '%a %.9Y %h' real/d/n
	assert_output "640 1.500000000 2"
	run -0 getfattr --only-values -n user.a real/m
	assert_output b
	assert_equal "$(readlink real/d/s)" n
	[[ -p real/p ]]
	rm -r odd/d odd/m odd/p
	run -0 ls real
	assert_output f
}

@test "oddfs: what a user makes is the user's" {
	on xfs
	mkdir -m 777 real
	oddfs real odd
	as_nobody sh -c 'echo x >odd/f; mkdir odd/d'
	run -0 stat -c %u real/f real/d
	assert_output $'65534\n65534'
	chmod 600 real/f
	chown 0 real/f
	run as_nobody cat odd/f
	assert_failure
}

@test "oddfs: size tells a wrong size, and the content is there" {
	on xfs
	mkdir real
	echo "24 bytes of real content" >real/small
	echo 5678 >real/large
	echo n >real/none
	oddfs real odd small:size=3 large:size=4096 none:size=0
	run -0 stat -c '%n %s' odd/small odd/large odd/none
	assert_output $'odd/small 3\nodd/large 4096\nodd/none 0'
	for f in small large none; do
		assert_equal "$(dd if=odd/$f bs=100 status=none)" "$(<real/$f)"
	done
}

@test "oddfs: stream can't be sought in" {
	on xfs
	mkdir real
	echo data >real/f
	oddfs real odd f:stream
	traced lseek,pread64 dd if=odd/f of=/dev/null bs=1 skip=1 status=none
	run -0 cat trace
	assert_output --partial 'ESPIPE (Illegal seek)'
	assert_equal "$(cat odd/f)" data
	echo more >>odd/f
	assert_equal "$(cat real/f)" $'data\nmore'
}

@test "oddfs: with direct I/O each read is one of the server" {
	on xfs
	mkdir real
	echo data | tee real/cached >real/direct
	oddfs real odd direct:direct fail=read:EIO:3
	run dd if=odd/cached of=copy bs=1 status=none
	assert_success
	run dd if=odd/direct of=copy bs=1 status=none
	assert_failure
	assert_output --partial "Input/output error"
}

@test "oddfs: inode numbers change, always or once they were written" {
	on xfs
	mkdir real
	echo data | tee real/a real/b real/c >/dev/null
	oddfs real odd a:ino=changing b:ino=copyup
	[[ $(inode odd/a) != "$(inode odd/a)" ]]
	assert_equal "$(inode odd/c)" "$(inode real/c)"
	assert_equal "$(inode odd/b)" "$(inode real/b)"
	: >>odd/b
	[[ $(inode odd/b) != "$(inode real/b)" ]]
	assert_equal "$(inode odd/b)" "$(inode odd/b)"
	assert_equal "$(<odd/b)" data
}

@test "oddfs: names ignore case" {
	on xfs
	mkdir -p real/Dir
	echo data >real/Dir/Name
	oddfs real odd nocase
	assert_equal "$(<odd/dIR/nAME)" data
	echo new >odd/DIR/NAME
	run -0 ls odd/dir
	assert_output Name
	assert_equal "$(<real/Dir/Name)" new
	run mkdir odd/DIR
	assert_failure
	assert_output --partial "File exists"
}

@test "oddfs: times are coarse" {
	on xfs
	mkdir real
	touch -d @1001.7 real/f
	oddfs real odd times=2
	assert_equal "$(stat -c %.9Y odd/f)" 1000.000000000
	touch -d @2003.9 odd/f
	assert_equal "$(stat -c %.9Y odd/f)" 2002.000000000
}

@test "oddfs: an attribute is listed and can't be read" {
	on xfs
	mkdir real
	echo data >real/f
	setfattr -n user.real -v 1 real/f
	oddfs real odd f:attr=user.ghost:ENODATA
	run getfattr -d odd/f
	assert_output --partial 'user.real="1"'
	assert_output --partial 'user.ghost: No such attribute'
}

@test "oddfs: calls fail as asked, and from the time asked for" {
	on xfs
	mkdir real
	echo data | tee real/a real/b >/dev/null
	oddfs real odd a:fail=open:EIO a:fail=chmod:EPERM fail=mknod:EPERM \
		b:fail=chmod:EROFS:2 a:fail=rename:EXDEV fail=statfs:ENOSYS \
		fail=setxattr:ENOSPC new:fail=create:EDQUOT
	run cat odd/a
	assert_output --partial "Input/output error"
	run chmod 600 odd/a
	assert_output --partial "Operation not permitted"
	chmod 600 odd/b
	run chmod 640 odd/b
	assert_output --partial "Read-only file system"
	run mkfifo odd/p
	assert_output --partial "Operation not permitted"
	traced rename,renameat,renameat2 mv odd/a odd/c
	run -0 grep -c EXDEV trace
	run stat -f odd
	assert_output --partial "Function not implemented"
	run setfattr -n user.a -v 1 odd/b
	assert_output --partial "No space left"
	run dd if=real/a of=odd/new status=none
	assert_output --partial "Disk quota exceeded"
}

@test "oddfs: a rule that is none is told" {
	for rule in size fail=open fail=open:EBLAH fail=walk:EIO strange ino=x; do
		run -2 "$TOOLS/oddfs" . . "$rule"
		assert_output --partial "oddfs: "
	done
}

@test "oddfs: it goes when the test has ended, however that ended" {
	on xfs
	mkdir real odd
	bash -c '"$TOOLS/oddfs" real "$PWD/odd" >/dev/null 2>&1 3>&- &
		until mountpoint -q odd; do sleep 0.02; done
		kill -KILL $$' || true
	for _ in {1..200}; do
		mountpoint -q odd || break
		sleep 0.02
	done
	run ! mountpoint -q odd
	oddfs real odd
	oddfs_unmount
	run ! mountpoint -q odd
}
