# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Trees: every kind of node and attribute, links, merging, what is refused.

load helper

# assert_same_tree A B: by rsync, and by the tests' own comparer.
assert_same_tree() {
	run -0 treecmp "$1" "$2"
	assert_output ""
	# XFS shows each ACL a second time, as an attribute.
	run -0 rsync -aHAXn --checksum --itemize-changes --delete \
		--filter='-x trusted.SGI_ACL_*' "$1/" "$2/"
	assert_output ""
}

# archives FS: a tree with everything, copied there and to the others, by one
# worker, by two and by eight.
archives() {
	local to jobs

	need_root
	on "$1"
	mktree all source
	for to in xfs btrfs ext4 tmpfs; do
		need "$to"
		to=$(place "$to")
		for jobs in 1 2 8; do
			run -0 --separate-stderr rcp -a -j $jobs source \
				"$to/copy"
			assert_equal "$output$stderr" ""
			assert_same_tree source "$to/copy"
			rm -rf "$to/copy"
		done
	done
}

@test "xfs: -a keeps everything, here and to other file systems" {
	archives xfs
}

@test "btrfs: -a keeps everything, here and to other file systems" {
	archives btrfs
}

@test "ext4: -a keeps everything, here and to other file systems" {
	archives ext4
}

@test "tmpfs: -a keeps everything, here and to other file systems" {
	archives tmpfs
}

@test "-a by its parts and by long names" {
	need_root
	on xfs
	mktree all source
	run -0 rcp --archive source one
	assert_same_tree source one
	run -0 rcp --recursive --no-dereference --preserve=all source two
	assert_same_tree source two
	run -0 rcp -dR --preserve=mode,ownership,timestamps,xattr source three
	assert_same_tree source three
}

@test "-a onto a copy that was there and has been changed" {
	need_root
	on xfs
	mktree all source
	rcp -a source copy
	echo more >>copy/attributes/file
	chmod 700 copy/modes/file-0444 copy/empty
	chown 5:5 copy/holes/some copy/attributes/directory
	setfacl -d -m u:99:rwx copy/empty
	setfacl -m u:99:rwx copy/names
	setfacl -b copy/attributes/acl
	touch copy/times
	rm -r copy/modes/dir-0755
	run -0 rcp -aT source copy
	run -0 treecmp source copy
	assert_output ""
}

@test "in a tree on a file system that clones every file is shared" {
	for fs in xfs btrfs; do
		on "$fs"
		mkdir -p source/sub
		mkfile source/one data:100001:1
		mkfile source/sub/two data:300000:2
		run -0 rcp -a source copy
		assert_shared source/one copy/one
		assert_shared source/sub/two copy/sub/two
	done
}

@test "without -a: modes less the umask, no times, no owners" {
	need_root
	on xfs
	mkdir -p source/sub
	echo 1 >source/sub/file
	chmod 777 source/sub source/sub/file
	chown -R 1000:1000 source
	touch -d 2001-01-01 source/sub/file source/sub source
	(umask 027 && rcp -R source copy)
	assert_equal "$(stat -c '%a %u' copy copy/sub copy/sub/file)" \
		$'750 0\n750 0\n750 0'
	assert [ "$(stat -c %Y copy/sub)" -gt 1000000000 ]
	run -0 rcp -r source copy2
	assert_equal "$(stat -c %a copy2/sub)" 755
}

@test "names with every byte, of files and of directories" {
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mktree names source
		run -0 rcp -a source copy
		assert_same_tree source copy
	done
}

@test "a read-only directory with content, and directory times" {
	for who in root nobody; do
		on xfs
		rm -rf source copy
		mkdir -p source/sub/below
		echo 1 >source/sub/below/file
		touch -d '2001-02-03 04:05:06.123456789' source/sub/below
		touch -d '2002-02-03 04:05:06.987654321' source/sub
		chmod 555 source/sub/below source/sub
		[[ $who == root ]] || chown -R 65534:65534 . source
		run -0 "run_as_$who" -a source copy
		assert_same_tree source copy
		run -0 "run_as_$who" -r source plain
		assert_equal "$(stat -c %a plain/sub plain/sub/below)" $'555\n555'
		assert_same source/sub/below/file plain/sub/below/file
		chmod -R u+w source copy plain
		rm -rf plain
	done
}

run_as_root() {
	rcp "$@"
}

run_as_nobody() {
	need_root
	as_nobody "$REFLINKCP" "$@"
}

@test "the access time of a directory is what it was before it was read" {
	on xfs
	mkdir source
	touch source/file
	touch -a -d '2010-02-03 04:05:06.987654321' source
	run -0 rcp -a source copy
	assert_equal "$(stat -c %.9X copy)" 1265169906.987654321
}

@test "a default ACL of the destination is not inherited where the source has none" {
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mkdir -p source/sub into
		echo 1 >source/sub/file
		mkfifo source/sub/fifo
		setfacl -d -m u:4321:rwx,g:77:r into
		run -0 rcp -a source into
		assert_same_tree source into/source
		mkdir into/old
		touch into/old/keep
		run -0 rcp -a source/. into/old
		assert_equal "$(getfacl -n -c into/old)" \
			"$(getfacl -n -c source)"
		assert_equal "$(getfacl -n -c into/old/sub/file)" \
			"$(getfacl -n -c source/sub/file)"
	done
}

@test "without -p a default ACL of the destination is inherited" {
	on xfs
	mkdir -p source/sub into
	echo 1 >source/sub/file
	setfacl -d -m u:4321:rwx into
	cp -r source into/model
	run -0 rcp -r source into/copy
	for name in '' /sub /sub/file; do
		assert_equal "$(getfacl -n -c "into/copy$name")" \
			"$(getfacl -n -c "into/model$name")"
	done
}

@test "set-group-ID of the destination is inherited by directories, but not with -a" {
	need_root
	on xfs
	mkdir -p source/sub into
	chgrp 1001 into
	chmod 2755 into
	cp -r source into/model
	run -0 rcp -r source into/copy
	assert_equal "$(stat -c '%a %g' into/copy into/copy/sub)" \
		"$(stat -c '%a %g' into/model into/model/sub)"
	run -0 rcp -a source into/copy2
	assert_equal "$(stat -c '%a %g' into/copy2 into/copy2/sub)" \
		$'755 0\n755 0'
}

@test "hard links across operands" {
	on xfs
	mkdir a b into
	echo 1 >a/x
	ln a/x b/y
	ln -s nothing a/l
	ln a/l b/m
	run -0 rcp -a a/x b/y into
	assert_equal "$(inode into/x)" "$(inode into/y)"
	run -0 rcp -a a b into
	assert_equal "$(inode into/a/x)" "$(inode into/b/y)"
	assert_equal "$(inode into/a/l)" "$(inode into/b/m)"
	run -0 rcp -R a b into
	run -0 rcp -dR --remove-destination a b into
	assert_equal "$(stat -c %h into/a/x into/b/y)" $'2\n2'
	rm -r into/*
	run -0 rcp -R a b into
	assert_equal "$(stat -c %h into/a/x into/b/y)" $'1\n1'
}

@test "a link that -H follows is one more name of what it leads to" {
	on xfs
	echo 1 >a
	ln -s a b
	ln -s a c
	mkdir tree into
	ln -s ../a tree/link
	for option in "--preserve=links -R" -a; do
		# shellcheck disable=SC2086
		run -0 rcp $option -H a b c tree into
		assert_equal "$(stat -c %h into/a into/b into/c)" $'3\n3\n3'
		assert_equal "$(inode into/a)" "$(inode into/c)"
		assert [ -L into/tree/link ]
		rm -r into/*
	done
	run -0 rcp -dRL a b tree into
	assert_equal "$(inode into/a)" "$(inode into/tree/link)"
}

@test "hard links deeper than a path can say" {
	on tmpfs
	mktree linked source 2500
	run -0 rcp -a source copy
	run -0 mktree is-linked copy 2500
	assert_output ""
}

@test "a FIFO is not opened, a socket and devices are made" {
	need_root
	on xfs
	mkdir source
	mkfifo source/fifo
	mknod source/null c 1 3
	mknod source/loop b 7 99
	mktree all all
	mv all/nodes/socket source
	run -0 timeout 10 "$REFLINKCP" -R source copy
	assert_equal "$(cd copy && stat -c '%n %F %t:%T' -- *)" \
		"$(cd source && stat -c '%n %F %t:%T' -- *)"
	run -0 timeout 10 "$REFLINKCP" -R source/fifo fifo
	assert [ -p fifo ]
	# Leaks can't be looked for under strace.
	[[ ! ${REFLINKCP_SANITIZED-} ]] || return 0
	strace -f -o trace "$REFLINKCP" -a source copy3
	run ! grep -E 'openat.*"(fifo|null|loop|socket)", [^)]*(O_RDONLY|O_RDWR|O_WRONLY)[^)]*' \
		<(grep -v O_PATH trace)
}

@test "special files in the place of what is there" {
	need_root
	on xfs
	mkdir -p source copy
	mkfifo source/node
	echo old >copy/node
	run -0 rcp -aT source copy
	assert [ -p copy/node ]
	run -0 rcp -aT source copy
	assert [ -p copy/node ]
}

@test "a node that can't be made leaves nothing in its stead" {
	need_root
	on xfs
	mkdir -p source real/copy
	mkfifo source/node
	mknod source/null c 1 3
	oddfs real odd nonodes
	for _ in 1 2; do
		run -1 --separate-stderr rcp -aT -j 1 source odd/copy
		grep -qxF "$ME: cannot create fifo 'odd/copy/node': Input/output error" \
			<<<"$stderr"
		# What has the final name may be somebody else's by now.
		rm -f real/copy/node real/copy/null
		assert_equal "$(ls -A real/copy)" ""
		echo old | tee real/copy/null >real/copy/node
	done
	run -1 rcp -aT source odd/copy
	assert_equal "$(cd real/copy && ls -A)" $'node\nnull'
	assert_equal "$(cat real/copy/*)" $'old\nold'
}

@test "--copy-contents reads FIFOs and devices" {
	need_root
	on xfs
	mkdir source
	mkfifo source/fifo
	mknod source/null c 1 3
	echo spoken >source/fifo &
	run -0 timeout 10 "$REFLINKCP" -R --copy-contents source copy
	wait
	assert_equal "$(<copy/fifo)" spoken
	assert_equal "$(stat -c '%F' copy/fifo copy/null)" \
		$'regular file\nregular empty file'
}

@test "-x leaves what is mounted in the tree empty" {
	need_root
	on xfs
	mkdir -p source/sub/mounted source/other
	echo 1 >source/other/file
	mount -t tmpfs tmpfs source/sub/mounted
	chmod 751 source/sub/mounted
	echo 2 >source/sub/mounted/file
	mkdir source/sub/mounted/in
	rcp -ax source copy
	how=$?
	rcp -R --one-file-system source copy2
	how2=$?
	rcp -a source copy3
	how3=$?
	rcp -ax source/sub/mounted copy4
	how4=$?
	# A file is no directory: it is on the other file system and goes along.
	mode=$(stat -c %a copy/sub/mounted)
	umount source/sub/mounted
	assert_equal "$how $how2 $how3 $how4" "0 0 0 0"
	assert_equal "$mode" 751
	for dir in copy copy2; do
		assert_equal "$(cd $dir && find . | sort | tr '\n' ' ')" \
			". ./other ./other/file ./sub ./sub/mounted "
	done
	assert_equal "$(<copy3/sub/mounted/file) $(<copy4/file)" "2 2"
}

# in_root ARGUMENT...: the program by itself below the root "root", which is a
# file system as is its mnt; prints what is below mnt afterwards.
in_root() {
	# shellcheck disable=SC2016
	run -0 unshare -m bash -c '
		mount -t tmpfs tmpfs root
		cd root
		mkdir -p mnt kept/in
		echo 1 >kept/file
		for dir in /lib* /usr; do
			[[ ! -d $dir || -L $dir ]] || mkdir ."$dir"
			[[ ! -d $dir || -L $dir ]] || mount --bind "$dir" ."$dir"
			[[ ! -L $dir ]] || /bin/cp -P "$dir" .
		done
		mount -t tmpfs tmpfs mnt
		/bin/cp "$REFLINKCP" program
		chroot . /program "$@"
		echo "$?"
		cd mnt && find . -path "*/kept*" -o -name mnt | sort' bash "$@"
}

@test "-ax / DIRECTORY: all of it goes into DIRECTORY" {
	need_root
	unsanitized "the sanitizers need /proc"
	on xfs
	mkdir root
	for args in "/ /mnt" "// /mnt/" "-T / /mnt" "-t /mnt /" "/kept/.. /mnt" \
		"/. /mnt" "/.. /mnt" "--parents / /mnt" "/kept/../. /mnt"; do
		# shellcheck disable=SC2086
		in_root -ax $args
		assert_output "0
./kept
./kept/file
./kept/in
./mnt"
	done
	in_root -ax / /mnt/new
	assert_line ./new/kept/file
	in_root -r / /
	assert_output "program: '/' and '/' are the same file
1"
	in_root -rT /kept /
	assert_output 0
	in_root -ax / /kept
	assert_line "program: cannot copy a directory, '/', into itself, '/kept/'"
	assert_line 1
	in_root -a --parents /kept/in /mnt
	assert_output "0
./kept
./kept/in"
}

@test "--parents of what ends in .." {
	on xfs
	mkdir -p source/sub into
	echo 1 >source/file
	# As cp has it: what was just made is not gone back from.
	refused "cannot create directory 'into/source/sub/..': File exists" \
		-r --parents source/sub/.. into
	assert_equal "$(cd into && find . | sort | tr '\n' ' ')" \
		". ./source ./source/sub "
	run -0 rcp -r --parents source/sub/.. into
	assert_equal "$(cd into && find . | sort | tr '\n' ' ')" \
		". ./source ./source/file ./source/sub "
}

links_tree() {
	mkdir -p source/dir target
	echo file >source/dir/file
	echo outer >target/outer
	ln -s file source/dir/to-file
	ln -s ../../target source/dir/to-directory
	ln -s source by-link
}

@test "-P, -H, -L and neither" {
	on xfs
	links_tree
	run -0 rcp -R source neither
	assert_equal "$(readlink neither/dir/to-directory)" ../../target
	run -0 rcp -R by-link neither2
	assert [ -L neither2 ]
	run -0 rcp -RP by-link p
	assert [ -L p ]
	run -0 rcp -RH by-link h
	assert [ -d h -a ! -L h -a -L h/dir/to-file ]
	run -0 rcp -RL by-link l
	assert_equal "$(find l -type l)" ""
	assert_equal "$(cat l/dir/to-file l/dir/to-directory/outer)" \
		$'file\nouter'
	run -0 rcp -R --dereference by-link l2
	assert_same_names l l2
	run -0 rcp -a by-link/ slash
	assert [ -d slash -a ! -L slash -a -L slash/dir/to-file ]
	run -0 rcp -rd by-link d
	assert [ -L d ]
}

assert_same_names() {
	assert_equal "$(cd "$1" && find . -printf '%p %y\n' | sort)" \
		"$(cd "$2" && find . -printf '%p %y\n' | sort)"
}

@test "-L: loops of links are told, and the rest is copied" {
	on xfs
	mkdir -p source/sub
	echo 1 >source/sub/file
	ln -s .. source/sub/up
	ln -s circle source/circle
	ln -s nothing source/dangling
	run -1 --separate-stderr rcp -RL source copy
	assert_equal "$output" ""
	assert_equal "$(sort <<<"$stderr")" "$(sort <<END
$ME: cannot stat 'source/circle': Too many levels of symbolic links
$ME: cannot copy cyclic symbolic link 'source/sub/up'
$ME: cannot stat 'source/dangling': No such file or directory
END
)"
	assert_equal "$(cd copy && find . | sort | tr '\n' ' ')" \
		". ./sub ./sub/file "
}

@test "into itself" {
	on xfs
	mkdir -p source/sub
	echo 1 >source/file
	ln -s source link
	refused "cannot copy a directory, 'source', into itself, 'source/new'" \
		-R source source/new
	assert_equal "$(<source/new/file)" 1
	assert_absent source/new/new
	rm -r source/new
	refused "cannot copy a directory, 'source', into itself, 'source/sub/source'" \
		-a source source/sub
	rm -r source/sub/source
	refused "cannot copy a directory, 'source', into itself, 'source/source'" \
		-a source source
	rm -rf source/source
	refused "cannot copy a directory, 'source', into itself, 'link/source'" \
		-a source link
	rm -rf source/source
	run -1 rcp -aT source source
	assert_equal "$(cd source && find . | sort | tr '\n' ' ')" \
		". ./file ./sub "
}

@test "a directory into one that is in it, whatever was copied before" {
	on tmpfs
	mkdir -p one/a one/into two/into two/z
	for dir in one two; do
		run timeout 5 env -C $dir "$REFLINKCP" -r . into
		assert_equal "$status:$output" "1:$ME: cannot copy a directory,\
 '.', into itself, 'into/.'"
		assert_absent $dir/into/into/into
	done
}

@test "dir/. and . and .. as sources" {
	on xfs
	mkdir -p source/sub into here/in
	echo 1 >source/sub/file
	run -0 rcp -a source/. into
	assert_same_tree source into
	run -0 rcp -a source/. new
	assert_same_tree source new
	(cd source && rcp -a . ../dot)
	assert_same_tree source dot
	(cd source/sub && rcp -a .. "$PWD/../../dots")
	assert_same_tree source dots
	mkdir twice
	run -0 rcp -a source/. twice/.
	assert_same_tree source twice
	(cd here/in && run -1 rcp -R .. new &&
		[[ $output == *"cannot copy a directory, '..', into itself"* ]])
}

@test "merging into a tree that is there" {
	on xfs
	mkdir -p source/both/new copy/source/both/old
	echo new >source/both/file
	echo old >copy/source/both/file
	echo old >copy/source/both/other
	chmod 700 copy/source/both
	before=$(inode copy/source/both/file)
	run -0 rcp -R source copy
	assert_equal "$(cd copy/source/both && cat file other)" $'new\nold'
	assert_equal "$(inode copy/source/both/file)" "$before"
	assert_equal "$(stat -c %a copy/source/both)" 700
	assert [ -d copy/source/both/new -a -d copy/source/both/old ]
	run -0 rcp -a source copy
	assert_equal "$(stat -c %a copy/source/both)" 755
	run -0 rcp -RT source copy
	assert [ -f copy/both/file ]
}

@test "a file where a directory comes, and the reverse: told, the rest is copied" {
	on xfs
	mkdir -p source/b copy/source/a
	echo new >source/a
	echo new >source/b/file
	echo new >source/c
	echo old >copy/source/b
	run -1 --separate-stderr rcp -R source copy
	assert_equal "$(sort <<<"$stderr")" \
		"$ME: cannot overwrite directory 'copy/source/a' with non-directory 'source/a'
$ME: cannot overwrite non-directory 'copy/source/b' with directory 'source/b'"
	assert_equal "$(cat copy/source/b copy/source/c)" $'old\nnew'
	run -1 rcp -Rf --remove-destination source copy
	assert_equal "$(<copy/source/b)" old
}

@test "a link that is in the destination's tree is not written through" {
	on xfs
	mkdir -p source/dir copy outside
	echo new >source/file
	echo new >source/dir/file
	echo old >outside/file
	ln -s ../outside/file copy/file
	ln -s ../outside copy/dir
	run -1 --separate-stderr rcp -RT source copy
	assert_equal "$(sort <<<"$stderr")" \
		"$ME: cannot overwrite non-directory 'copy/dir' with directory 'source/dir'
$ME: not writing through symlink 'copy/file'"
	assert_equal "$(<outside/file)" old
	assert [ -L copy/file -a -L copy/dir ]
	run -1 --separate-stderr rcp -aT source copy
	assert_equal "$(<outside/file)" old
}

@test "--keep-directory-symlink follows links to directories in the destination" {
	on xfs
	mkdir -p source/dir copy outside
	echo new >source/dir/file
	ln -s ../outside copy/dir
	run -0 rcp -RT --keep-directory-symlink source copy
	assert [ -L copy/dir ]
	assert_equal "$(<outside/file)" new
	ln -s nothing copy/dangling
	mkdir source/dangling
	run -1 rcp -RT --keep-directory-symlink source copy
	assert_absent copy/nothing
	rm copy/dangling outside/file
	echo old >outside/old
	ln -s old outside/file
	run -1 rcp -RT --keep-directory-symlink source copy
	assert_equal "$(<outside/old)" old
}

# with_links PROGRAM ARGUMENT...: sets "said" to what it says of "source" onto a
# "copy" that has links, and to what is there afterwards.
with_links() {
	rm -rf copy outside
	mkdir -p copy/dir outside
	echo old | tee outside/file outside/linked outside/both \
		outside/away >/dev/null
	ln -s ../outside/file copy/file
	ln -s ../../outside/both copy/dir/file
	ln -s ../outside/away copy/away
	ln -s nothing copy/dangling
	ln -s loop copy/loop
	ln -s ../outside/linked copy/link
	run "$@" source copy
	said=$(sort <<<"${output//$ME:/cp:}")$status$(head outside/*)
	said+=$(find copy -printf '%p %y %m %l\n' | sort)
}

@test "--keep-file-symlink writes through links in the destination, as cp does" {
	on xfs
	mkdir -p source/dir
	for name in file dir/file dangling loop away; do
		echo "new $name" >source/$name
	done
	ln -s file source/link
	for option in -RT -aT -RTL -RTu "-RT --attributes-only" "-aT -b" \
		"-RT --remove-destination" "-RT -n"; do
		# shellcheck disable=SC2086
		with_links cp $option
		want=$said
		# shellcheck disable=SC2086
		with_links rcp --keep-file-symlink $option
		assert_equal "$said" "$want"
	done
	with_links rcp -RT
	[[ $said == *"not writing through symlink 'copy/file'"* ]]
	assert_equal "$(<outside/file)" old
	# --keep is enough for what cp calls so.
	with_links rcp -RT --keep
	assert_equal "$(<outside/file)" old
}

@test "--remove-destination and -f put a file in the place of a link" {
	on xfs
	mkdir -p source copy
	echo new >source/file
	echo old >outside
	ln -s ../outside copy/file
	run -0 rcp -RT --remove-destination source copy
	assert [ ! -L copy/file ]
	assert_equal "$(cat copy/file outside)" $'new\nold'
}

@test "a directory that can't be read is told, its siblings are copied" {
	need_root
	on xfs
	mkdir -p source/closed source/open source/deaf
	echo 1 >source/open/file
	echo 1 >source/unreadable
	chmod 000 source/unreadable
	chmod 311 source/closed
	echo 1 >source/deaf/file
	chmod 444 source/deaf
	chown -R 65534:65534 . source
	run -1 --separate-stderr as_nobody "$REFLINKCP" -R source copy
	assert_equal "$(sort <<<"$stderr")" \
		"$ME: cannot access 'source/closed': Permission denied
$ME: cannot open 'source/unreadable' for reading: Permission denied
$ME: cannot stat 'source/deaf/file': Permission denied"
	assert_equal "$(<copy/open/file)" 1
	assert_absent copy/unreadable
}

@test "a destination that can't be written in: told once for each name in it" {
	need_root
	on xfs
	mkdir -p source/sub copy/sub
	touch source/sub/{a,b} source/c
	chmod 555 copy/sub
	chown -R 65534:65534 . source copy
	run -1 --separate-stderr as_nobody "$REFLINKCP" -RT source copy
	assert_equal "$(sort <<<"$stderr")" \
		"$ME: cannot create regular file 'copy/sub/a': Permission denied
$ME: cannot create regular file 'copy/sub/b': Permission denied"
	assert [ -f copy/c ]
}

@test "without -R a directory is left out" {
	on xfs
	mkdir -p source into
	touch file
	refused "-r not specified; omitting directory 'source'" source file into
	assert [ -f into/file ]
	assert_absent into/source
}

@test "-v: files of a directory in its order, however many threads" {
	on xfs
	mkdir -p source/{1..4}/sub
	touch source/{,{1..4}/,{1..4}/sub/}{1..300}
	"$REFLINKCP" -Rv --jobs=1 source copy-1 >one
	"$REFLINKCP" -Rv --jobs=8 source copy-8 >eight
	for dir in source/{,{1..4}/,{1..4}/sub/}; do
		diff <(grep -o "^'${dir}[0-9]*'" one) \
			<(grep -o "^'${dir}[0-9]*'" eight)
	done
}

@test "names of one file in the destination: one of the sources, whole" {
	on tmpfs
	mkdir -p source/{1,2} copy/{1,2}
	mkfile source/1/x data:6M:1
	mkfile source/2/y data:4M:2
	for _ in {1..8}; do
		rm -f copy/2/y
		echo old >copy/1/x
		ln copy/1/x copy/2/y
		run -0 rcp -RT --jobs=2 source copy
		cmp -s source/1/x copy/1/x || cmp source/2/y copy/1/x
	done
}

@test "SIGINT ends threads that wait for somebody to read" {
	on tmpfs
	mkdir -p source/{1..4} copy/1
	touch source/{1..4}/{1..80}
	mkfifo copy/1/7
	run interrupt -f copy/1/8 -d 200 INT "$REFLINKCP" -RT --jobs=4 \
		source copy
	dies 2 1000
}

@test "a new directory has the set-group-ID bit that its place gives" {
	on xfs
	mkdir place
	chmod 2775 place
	mkdir -p source/in
	chmod 555 source
	for umask in 022 0700; do
		(umask "$umask" && "$REFLINKCP" -R source place/a &&
			"$REFLINKCP" -R --parents source/in place &&
			cp -R source place/b)
		assert_equal "$(stat -c %a place/a)" "$(stat -c %a place/b)"
		chmod -R u+rwx place/*
		[[ $umask == 022 ]] && assert_equal \
			"$(stat -c %a place/source)" 2755
		rm -r place/*
	done
}

# Blocked by a FIFO far below, it goes on in directories that were moved since.
@test "a directory that is moved meanwhile is copied to its end" {
	on tmpfs
	deep=source/a/b/c/d/e/f/g/h/i/j
	mkdir -p "$deep" elsewhere
	touch source/a/1
	mkfifo "$deep/fifo"
	for name in {2..9}; do
		touch "source/a/$name" "source/a/b/$name" "source/a/b/c/$name"
	done
	"$REFLINKCP" -R --copy-contents source copy 2>said &
	pid=$!
	exec 9>"$deep/fifo"
	mv source/a/b/c elsewhere/c
	mv copy/a/b/c elsewhere/copy-c
	exec 9>&-
	wait "$pid"
	assert_equal "$(<said)" ""
	mv elsewhere/c source/a/b/c
	mv elsewhere/copy-c copy/a/b/c
	rm "$deep/fifo" copy/"${deep#*/}"/fifo
	run -0 treecmp -t source copy
}

@test "-v names each, a directory before what is in it" {
	on xfs
	mkdir -p source/sub
	echo 1 >source/sub/file
	ln -s file source/sub/link
	ln source/sub/file source/sub/second
	mkfifo source/fifo
	run -0 rcp -av source copy
	assert_equal "$(sort <<<"$output")" "$(cp -av source copy2 |
		sed 's/copy2/copy/' | sort)"
	assert_equal "${lines[0]}" "'source' -> 'copy'"
	sub=$(grep -n "sub' ->" <<<"$output")
	file=$(grep -n "file' ->" <<<"$output")
	assert [ "${sub%%:*}" -lt "${file%%:*}" ]
	# A directory that is there is not made, so not named.
	run -0 rcp -av source/. copy
	assert_equal "$(sort <<<"$output")" "$(cp -av source/. copy2 |
		sed 's/copy2/copy/' | sort)"
}

# as_cp ARGUMENT...: with "into" as a destination as it does with "into2".
as_cp() {
	run rcp "$@" into
	said=$status:${output//"$ME: "/}
	run cp "$@" into2
	output=${output//cp: /}
	assert_equal "$said" "$status:${output//into2/into}"
	assert_same_names into into2
}

@test "sources of one name into one directory: directories are merged, files refused" {
	on xfs
	mkdir -p a/x b/x into into2
	touch a/x/one b/x/two
	as_cp -R a/x b/x
	touch b/x/one
	as_cp -R a/x b/x
	as_cp -R a/x/one b/x/one
	as_cp -R a a
	as_cp -R a ./a/
	as_cp -a a/x/one a/x/one
}

@test "-R of plain files and of the tree of one that is gone" {
	on xfs
	echo 1 >file
	run -0 rcp -R file copy
	assert_same file copy
	refused "cannot stat 'gone': No such file or directory" -R gone copy2
	mkdir source
	refused "cannot create directory 'no/copy': No such file or directory" \
		-RT source no/copy
}

@test "--jobs takes a number, and what comes of it is the same" {
	on xfs
	mkdir -p source/a source/b
	echo 1 >source/a/1
	echo 2 >source/b/2
	run -0 rcp -a --jobs=1 source one
	run -0 rcp -a --jobs=3 source three
	run -0 diff -r one three
	for n in 0 -1 x '' 99999; do
		run -1 rcp -a --jobs="$n" source no
		assert_line --index 0 "$ME: invalid number '$n' for '--jobs'; expected 1 to 1024"
	done
	assert_absent no
}

@test "-a keeps inode flags, and hard links of immutable files" {
	for fs in xfs btrfs ext4; do
		on "$fs"
		mkdir -p source/sub
		echo 1 >source/append
		echo 2 >source/immutable
		ln source/immutable source/sub/other
		echo 3 >source/nodump
		chattr +d source/nodump
		chattr +A source/sub
		chattr +i source/immutable
		chattr +a source/append
		run -0 rcp -a source new
		lsattr -R source | sed 's/source/X/' >want
		lsattr -R new | sed 's/new/X/' >got
		chattr -R -ia source new
		run -0 diff <(tr -d e <want) <(tr -d e <got)
		assert_equal "$(stat -c %h new/immutable)" 2
	done
}

# flags_of FILE: its flags, but for those that no user can set.
flags_of() {
	lsattr -d "$1" | cut -d ' ' -f 1 | tr -d eI-
}

# flagged LETTER: a directory and a file with that flag, where it can be had.
flagged() {
	mkdir "source/dir-$1"
	chattr "+$1" "source/dir-$1" || rmdir "source/dir-$1"
	: >"source/file-$1"
	chattr "+$1" "source/file-$1" || rm "source/file-$1"
}

@test "-a keeps each flag that a user may set" {
	local flags letter

	for fs in "ext4 A d D P s S T u x" "xfs A d P S x" \
		"btrfs A c C d D m S"; do
		read -r fs flags <<<"$fs"
		on "$fs"
		mkdir source
		for letter in $flags; do
			flagged "$letter"
		done
		assert [ "$(find source | wc -l)" -ge 10 ]
		run -0 rcp -a source new
		assert_output ""
		for file in source/*; do
			assert_equal "$file $(flags_of "$file")" \
				"$file $(flags_of "new/${file#*/}")"
		done
	done
}

@test "-a keeps what other file systems have not got, and says nothing" {
	need ext4 xfs
	on ext4
	mkdir -p source/dir
	echo 1 >source/file
	chattr +sud source/file
	chattr +TA source/dir
	into=$(place xfs)
	run -0 rcp -a source "$into/copy"
	assert_output ""
	assert_equal "$(flags_of "$into/copy/file")" d
	assert_equal "$(flags_of "$into/copy/dir")" A
}

@test "-a leaves the project flag of the directory that it copies into" {
	for fs in ext4 xfs; do
		on "$fs"
		mkdir -p source/dir old
		chattr +P old
		run -0 rcp -aT source old
		assert_equal "$(flags_of old) $(flags_of old/dir)" "P P"
	done
}

@test "-a keeps that names ignore case" {
	need_root
	cd "$BATS_TEST_TMPDIR"
	truncate -s 64M image
	mkfs.ext4 -q -O casefold -E encoding=utf8 image
	mkdir on
	mount -o loop image on 2>mount.err || skip "no casefold: $(<mount.err)"
	mkdir on/source
	chattr +F on/source
	mkdir on/source/sub
	echo 1 >on/source/sub/File
	run -0 rcp -a on/source on/copy
	got=$(flags_of on/copy)/$(flags_of on/copy/sub)/$(cat on/copy/SUB/fILE)
	mkdir on/plain
	echo 2 >on/plain/file
	run rcp -a on/plain on/copy/sub
	into=$status$output/$(flags_of on/copy/sub/plain)
	umount on
	assert_equal "$got" F/F/1
	assert_equal "$into" 0/F
}

@test "-a takes no protection away from what is there" {
	on ext4
	mkdir source old
	chattr +a old
	# That its times can't be set is told.
	run -1 rcp -aT source old
	run lsattr -d old
	chattr -a old
	[[ $output == *a*' '* ]] || fail "$output"
}

# without_proc COMMAND...: where no /proc is mounted, as in a bare chroot.
without_proc() {
	unshare -m bash -c 'umount -l /proc && exec "$@"' bash "$@"
}

# all_nodes DIR: every kind of node with every kind of attribute.
all_nodes() {
	mkdir -p "$1/d" "$1/unreadable" "$1/fresh"
	echo 1 >"$1/f"
	ln "$1/f" "$1/d/hard"
	ln -s f "$1/link"
	ln -P "$1/link" "$1/d/link"
	mkfifo "$1/fifo" "$1/d/pipe"
	ln "$1/fifo" "$1/d/fifo"
	mknod "$1/device" c 1 3
	mknod "$1/disk" b 7 0
	setfacl -m u:1234:rw "$1/fifo" "$1/device" "$1/f" "$1/d"
	setfacl -d -m u:1234:rw "$1/unreadable"
	setfattr -h -n trusted.x -v 1 "$1/fifo" "$1/disk" "$1/unreadable" \
		"$1/link"
	chown 5:6 "$1/fifo" "$1/device" "$1/f" "$1/d"
	chown -h 7:8 "$1/link"
	chmod 4711 "$1/f"
	chmod 712 "$1/d/pipe"
	touch -d 2001-01-01 "$1/fifo" "$1/device" "$1/d"
	touch -h -d 2002-02-02 "$1/link"
	chmod 0 "$1/unreadable"
}

@test "-a needs no /proc" {
	need_root
	unsanitized "the sanitizers need /proc"
	without_proc true || lacks "no mount namespace"
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		chmod 755 .
		all_nodes source
		run -0 without_proc "$REFLINKCP" -a source new
		assert_output ""
		run -0 treecmp source new
		# Over what is there.
		run -0 without_proc "$REFLINKCP" -aT source new
		assert_output ""
		run -0 treecmp source new
	done
}

@test "-a needs no /proc on an old kernel" {
	need_root
	unsanitized "the sanitizers need /proc"
	without_proc denycall -- true || lacks "no seccomp"
	on xfs
	chmod 755 .
	all_nodes source
	for jobs in 1 2; do
		run -0 without_proc denycall fchmodat2:ENOSYS \
			linkat:ENOENT:4:AT_EMPTY_PATH \
			utimensat:EINVAL:3:AT_EMPTY_PATH -- \
			"$REFLINKCP" -j $jobs -a source new-$jobs
		assert_output ""
		run -0 treecmp source new-$jobs
	done
	# A mode is not set by a name that somebody else may change.
	mkdir -m 777 one two
	mkfifo -m 640 one/fifo
	run -1 without_proc denycall fchmodat2:ENOSYS -- "$REFLINKCP" -aT one two
	assert_output "$ME: setting permissions for 'two/fifo': \
Function not implemented"
	# In a sticky directory, the owner of the file may do that, and nobody else.
	mkdir -m 1777 three
	run -0 without_proc denycall fchmodat2:ENOSYS -- "$REFLINKCP" -aT one three
	assert_output ""
	chown 1000 one/fifo
	rm three/fifo
	chmod 1777 three
	run -1 without_proc denycall fchmodat2:ENOSYS -- "$REFLINKCP" -aT one three
	assert_output "$ME: setting permissions for 'three/fifo': \
Function not implemented"
	cd two
	run -1 without_proc denycall fchmodat2:ENOSYS -- "$REFLINKCP" -a ../one/fifo new
	assert_output "$ME: setting permissions for 'new': \
Function not implemented"
}

@test "-a needs no /proc as an ordinary user" {
	need_root
	unsanitized "the sanitizers need /proc"
	without_proc true || lacks "no mount namespace"
	on xfs
	chmod 777 .
	mkdir source
	echo 1 >source/f
	ln source/f source/hard
	mkfifo -m 640 source/fifo
	chmod 640 source/f
	touch -d 2001-01-01 source/f source/fifo
	chown -R 65534:65534 source
	mkfile source/large data:2M:1
	chown -R 65534:65534 source
	run -0 without_proc setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$REFLINKCP" -a source new
	assert_output ""
	run -0 treecmp source new
	run -0 without_proc setpriv --reuid=65534 --regid=65534 --clear-groups \
		denycall linkat:ENOENT:4:AT_EMPTY_PATH -- \
		"$REFLINKCP" -a source old-kernel
	assert_output ""
	run -0 treecmp source old-kernel
}
