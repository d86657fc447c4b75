# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# A destination that is there: kept, replaced, asked for, saved, refused.

load helper

@test "it keeps its inode, owner, mode and hard links" {
	for fs in xfs btrfs ext4 tmpfs overlay; do
		on "$fs"
		mkfile source data:300001:1
		mkfile old data:10:2
		chmod 640 old
		ln old link
		before=$(stat -c '%i %a %h' old)
		run -0 rcp source old
		assert_same source link
		assert_equal "$(stat -c '%i %a %h' old)" "$before"
	done
}

@test "it keeps its owner, and loses set-id bits as any written file does" {
	need_root
	on xfs
	mkfile source data:10K:1
	mkfile old data:10:2
	chown 1000:1001 old
	run -0 rcp source old
	assert_equal "$(stat -c '%u %g' old)" "1000 1001"
}

@test "--remove-destination and -f put a new file there only where they must" {
	on xfs
	mkfile source data:10K:1
	mkfile old data:10:2
	before=$(inode old)
	run -0 rcp -f source old
	assert_equal "$(inode old)" "$before"
	ln old link
	run -0 rcp --remove-destination source old
	refute [ "$(inode old)" = "$before" ]
	assert_equal "$(inode link)" "$before"
	assert_same source old
}

@test "-f replaces a file that can't be opened" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:10K:1
	chmod 644 source
	mkfile old data:10:2
	chmod 400 old
	chown 1000 old
	run -1 as_nobody "$REFLINKCP" source old
	assert_output "$ME: cannot create regular file 'old': Permission denied"
	run -0 as_nobody "$REFLINKCP" -f source old
	assert_same source old
	assert_equal "$(stat -c %u old)" 65534
}

@test "--remove-destination: a refused clone leaves the old file there" {
	on ext4
	mkfile source data:10K:1
	mkfile old data:20K:2
	remember old
	run -1 rcp --remove-destination --reflink=always source old
	assert_untouched
	assert_only source old
}

@test "-b --reflink=always that is refused leaves the old content under one of the names" {
	on ext4
	mkfile source data:10K:1
	mkfile old data:20K:2
	mkfile model data:20K:2
	run -1 rcp -b --reflink=always source old
	if [[ -e old ]]; then
		assert_same old model
		assert_absent old~
	else
		assert_same old~ model
	fi
}

# --- -i ---

@test "-i: yes overwrites, no does not, and is a failure" {
	echo 1 >a
	echo 2 >b
	run -1 bash -c 'echo n | "$0" -i a b' "$REFLINKCP"
	assert_output --partial "overwrite 'b'? "
	assert_equal "$(cat b)" 2
	run -0 bash -c 'echo y | "$0" -i a b' "$REFLINKCP"
	assert_equal "$(cat b)" 1
}

@test "-i: the question is on standard error" {
	echo 1 >a
	echo 2 >b
	run -1 --separate-stderr bash -c 'echo n | "$0" -i a b' "$REFLINKCP"
	assert_equal "$output" ""
	[[ $stderr == "$ME: overwrite 'b'?"* ]] || fail "$stderr"
}

@test "-i on a terminal" {
	echo 1 >a
	echo 2 >b
	run -1 pty -a n "$REFLINKCP" -i a b
	assert_equal "$(cat b)" 2
	run -0 pty -a y "$REFLINKCP" -i a b
	assert_equal "$(cat b)" 1
}

@test "-i: a terminal that goes away, and an end of input, are no" {
	echo 1 >a
	echo 2 >b
	run pty -g "$REFLINKCP" -i a b
	assert [ "$status" -ne 0 ]
	assert_equal "$(cat b)" 2
	run -1 bash -c '"$0" -i a b </dev/null' "$REFLINKCP"
	assert_equal "$(cat b)" 2
	run -1 bash -c '"$0" -i a b <&-' "$REFLINKCP"
	assert_equal "$(cat b)" 2
}

@test "-i: the end of input ends the line of the question" {
	mkdir into
	for f in a b; do
		echo $f >$f
		echo old >into/$f
	done
	run -1 --separate-stderr bash -c '"$0" -i a b none into </dev/null' \
		"$REFLINKCP"
	assert_equal "$stderr" "$ME: overwrite 'into/a'? 
$ME: overwrite 'into/b'? 
$ME: cannot stat 'none': No such file or directory"
	run -1 --separate-stderr bash -c 'printf y | "$0" -i a b none into' \
		"$REFLINKCP"
	assert_equal "$stderr" "$ME: overwrite 'into/a'? 
$ME: overwrite 'into/b'? 
$ME: cannot stat 'none': No such file or directory"
	assert_equal "$(cat into/*)" $'a\nold'
}

@test "-i: what is refused anyway is not asked about" {
	echo 1 >a
	echo 2 >b
	ln -s a link
	run -1 bash -c 'yes | "$0" -is "$PWD/a" b' "$REFLINKCP"
	assert_output "$ME: cannot create symbolic link 'b' to '$PWD/a': File exists"
	echo 3 >b~
	run -1 bash -c 'yes | "$0" -i --backup=simple b~ b' "$REFLINKCP"
	assert_output "$ME: backing up 'b' might destroy source;  'b~' not copied"
	mkdir -p tree into/tree
	echo 4 >tree/b
	ln -s "$PWD/b" into/tree/b
	run -1 bash -c 'yes | "$0" -iR tree into' "$REFLINKCP"
	assert_output "$ME: not writing through symlink 'into/tree/b'"
	assert_equal "$(cat b b~)" $'2\n3'
}

@test "-i: one line an answer, for each file" {
	mkdir into
	for f in a b c; do
		echo "$f" >$f
		echo old >into/$f
	done
	run -1 bash -c 'printf "y\nn\ny\n" | "$0" -i a b c into' "$REFLINKCP"
	assert_equal "$(cat into/*)" $'a\nold\nc'
}

@test "-i: no question for a file that isn't there" {
	echo 1 >a
	run -0 --separate-stderr bash -c '"$0" -i a b </dev/null' "$REFLINKCP"
	assert_equal "$stderr" ""
	assert_same a b
}

# --- -n, -u, --update ---

@test "-n: an existing file stays, without a failure" {
	echo 1 >a
	echo 2 >b
	run -0 rcp -n a b
	assert_equal "$(cat b)" 2
	run -0 rcp --no-clobber a c
	assert_same a c
}

@test "--update=none: the same" {
	echo 1 >a
	echo 2 >b
	run -0 rcp --update=none a b
	assert_equal "$(cat b)" 2
	run -0 rcp --update=none a c
	assert_same a c
}

@test "--update=none-fail: an existing file stays, with a failure" {
	echo 1 >a
	echo 2 >b
	run -1 rcp --update=none-fail a b
	assert_output "$ME: not replacing 'b'"
	assert_equal "$(cat b)" 2
	run -0 rcp --update=none-fail a c
	assert_same a c
}

@test "--update=older and -u: by the modification time, to the nanosecond" {
	on xfs
	echo 1 >a
	for option in -u --update --update=older; do
		echo 2 >b
		touch -d '2001-01-01 00:00:00.000000001' a
		touch -d '2001-01-01 00:00:00.000000001' b
		run -0 rcp $option a b
		assert_equal "$(cat b)" 2
		touch -d '2001-01-01 00:00:00.000000002' b
		run -0 rcp $option a b
		assert_equal "$(cat b)" 2
		touch -d '2001-01-01 00:00:00.000000000' b
		run -0 rcp $option a b
		assert_equal "$(cat b)" 1
		run -0 rcp $option a new
		assert_same a new
		rm new
	done
}

@test "--update=all: as without it; the last one given counts" {
	echo 1 >a
	echo 2 >b
	run -0 rcp --update=all a b
	assert_equal "$(cat b)" 1
	echo 2 >b
	run -0 rcp --update=none --update=all a b
	assert_equal "$(cat b)" 1
	echo 2 >b
	run -0 rcp --update=all --update=none a b
	assert_equal "$(cat b)" 2
}

@test "--update=nonsense is refused" {
	echo 1 >a
	run -1 rcp --update=nonsense a b
	assert_line --index 0 \
		"$ME: invalid argument 'nonsense' for '--update'"
	assert_absent b
}

# --- backups ---

@test "--backup, by each word" {
	echo new >a
	for row in simple:b~ never:b~ existing:b~ nil:b~ numbered:b.~1~ t:b.~1~; do
		rm -f b b~ b.~*
		echo old >b
		run -0 rcp --backup="${row%%:*}" a b
		assert_equal "$(cat b "${row#*:}")" $'new\nold'
		assert_only a b "${row#*:}"
	done
	for word in none off; do
		rm -f b b~ b.~*
		echo old >b
		run -0 rcp --backup=$word a b
		assert_only a b
	done
}

@test "numbered backups count on, past gaps and 9" {
	echo new >a
	echo old >b
	touch b.~2~ b.~9~ b.~07~ b.~x~ b.~~
	run -0 rcp --backup=numbered a b
	assert_equal "$(cat b.~10~)" old
	echo 2 >b
	run -0 rcp -b a b
	assert_equal "$(cat b.~11~)" 2
}

@test "for a backup the directory is read once at most" {
	unsanitized "leaks can't be looked for under strace"
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	reads=(numbered:1 existing:1 simple:0)
	for word in "${reads[@]}"; do
		echo new >new
		echo old >old
		run -0 strace -f -o trace -e trace=getdents64 \
			"$REFLINKCP" --backup="${word%:*}" new old
		assert_equal "$(grep -c '= 0$' trace)" "${word#*:}"
		assert_equal "$(cat old)" new
	done
	assert_only new old old~ old.~1~ old.~2~ trace
}

@test "a backup that would take the source's name is refused, under each control" {
	for word in simple existing numbered; do
		rm -f a*
		echo old >a
		echo source >a~
		case $word in
		numbered) run -0 rcp --backup=$word a~ a ;;
		*) refused "backing up 'a' might destroy source;  'a~' not copied" \
			--backup=$word a~ a ;;
		esac
		assert_equal "$(cat a~)" source
	done
	echo one >a.~1~
	run -0 rcp --backup=existing a~ a
	assert_equal "$(cat a~ a.~2~)" $'source\nsource'
}

@test "a backup is the old file itself" {
	on xfs
	mkfile a data:10K:1
	mkfile b data:20K:2
	chmod 600 b
	before=$(meta -n b | without_atime)
	inode=$(inode b)
	run -0 rcp -b a b
	assert_equal "$(inode b~)" "$inode"
	assert_equal "$(meta -n b~ | without_atime)" "$before"
	assert_shared a b
}

@test "a suffix, by -S and by the environment" {
	echo new >a
	echo 1 >b
	run -0 rcp -S .bak a b
	assert_equal "$(cat b.bak)" 1
	echo 2 >b
	SIMPLE_BACKUP_SUFFIX=.env run -0 rcp -b a b
	assert_equal "$(cat b.env)" 2
	echo 3 >b
	SIMPLE_BACKUP_SUFFIX=.env run -0 rcp -b --suffix=.opt a b
	assert_equal "$(cat b.opt)" 3
	echo 4 >b
	VERSION_CONTROL=numbered run -0 rcp -b a b
	assert_equal "$(cat b.~1~)" 4
}

@test "a copy that fails leaves the backup, or the old file, and never neither" {
	need tmpfs
	on full-ext4
	mkfile "$(place tmpfs)/source" data:16M:1
	echo old >b
	run -1 rcp -b "$(place tmpfs)/source" b
	[[ $(cat b~ 2>/dev/null) == old || $(cat b) == old ]]
}

# --- the same file ---

# same_file ARGUMENT...: refused, and the file is as it was.
same_file() {
	run -1 --separate-stderr rcp "$@"
	assert_equal "$stderr" \
		"$ME: '${*: -2:1}' and '${*: -1}' are the same file"
	assert_same a model
}

@test "a file onto itself, in all its disguises" {
	on xfs
	mkfile a data:100001:1
	mkfile model data:100001:1
	ln a hard
	ln -s a soft
	ln -s soft soft2
	ln -s "$PWD" here
	same_file a a
	same_file a ./a
	same_file a "$PWD/a"
	same_file a here/a
	same_file a hard
	same_file hard a
	same_file a soft
	same_file soft a
	same_file soft soft2
	same_file --reflink=always a hard
	same_file --reflink=never a soft2
	same_file --sparse=always a hard
	same_file -p a hard
	same_file --attributes-only a hard
	refused "'a' and './a' are the same file" a .
	assert_same a model
}

@test "a file onto itself through another mount" {
	need btrfs btrfs-sub
	on btrfs-sub
	mkfile a data:100001:1
	mkfile model data:100001:1
	other=$LAB/btrfs/sub/$(place_name)
	same_file a "$other/a"
	refused "'a' and '$other/a' are the same file" a "$other"
	assert_same a model
}

@test "a file onto itself through a bind mount, and a read-only one" {
	need xfs ro-xfs
	on xfs
	mkfile a data:100001:1
	mkfile model data:100001:1
	other=$LAB/ro-xfs/$(place_name)
	run -1 rcp a "$other/a"
	run -1 rcp "$other/a" a
	assert_same a model
}

@test "-f and --remove-destination don't remove the source" {
	on xfs
	mkfile a data:100001:1
	mkfile model data:100001:1
	ln -s a soft
	run -1 rcp -f a a
	assert_same a model
	run -1 rcp --remove-destination a a
	assert_same a model
	run rcp --remove-destination soft a
	assert_same a model
	run rcp -f soft a
	assert_same a model
	run rcp --remove-destination a soft
	assert_same a model
	run rcp -bf a a
	assert_same a model
}

@test "two names for what was just made: the second is refused" {
	mkdir d into
	echo 1 >a
	echo 2 >d/a
	refused "will not overwrite just-created 'into/a' with 'd/a'" \
		a d/a into
	assert_same a into/a
}

@test "numbered backups make room for it" {
	mkdir d into
	echo 1 >a
	echo 2 >d/a
	run -0 rcp --backup=numbered a d/a into
	assert_equal "$(cat into/a into/a.~1~)" $'2\n1'
}

@test "a source named twice is copied once, with a warning" {
	mkdir into
	echo 1 >a
	run -0 --separate-stderr rcp a a into
	assert_equal "$stderr" \
		"$ME: warning: source file 'a' specified more than once"
	assert_same a into/a
}

@test "through a symbolic link to the file it names; not through a dangling one" {
	on xfs
	mkfile source data:10K:1
	echo old >target
	ln -s target link
	ln -s nowhere dangling
	run -0 rcp source link
	[[ -L link ]]
	assert_same source target
	refused "not writing through dangling symlink 'dangling'" \
		source dangling
	assert_absent nowhere
}

@test "-u -p: a source that is newer by less than a second is copied" {
	echo new >source
	echo old >copy
	touch -d @1000000001.5 source
	touch -d @1000000000 copy
	run -0 rcp -u -p source copy
	assert_same source copy
}

@test "what is skipped is not read: a FIFO keeps what is written to it" {
	mkfifo fifo
	echo old >copy
	(echo precious >fifo) &
	writer=$!
	run -0 rcp -n fifo copy
	run -1 rcp -i fifo copy <<<n
	assert_equal "$(cat copy)" old
	assert_equal "$(timeout 10 cat fifo)" precious
	wait "$writer"
}

@test "a file beside an overlay onto itself in the overlay" {
	need overlay
	on overlay
	mkfile file data:100K:1
	upper=$LAB/xfs/.overlay/upper/$(place_name)/file
	assert [ -f "$upper" ]
	cp file "$BATS_TEST_TMPDIR/saved"
	refused "'$upper' and 'file' are the same file" "$upper" file
	assert_same file "$BATS_TEST_TMPDIR/saved"
}

# FUSE shows the file beside it, under other numbers, and its times in steps; and
# the kernel remembers what it showed.
@test "a file that FUSE shows, onto itself beside it" {
	local rule a b

	on xfs
	for rule in times=1 times=2 direct; do
		oddfs "real-$rule" "odd-$rule" "$rule"
		mkfile "real-$rule/file" data:100K:1
		cp "real-$rule/file" saved
		stat "odd-$rule/file" >/dev/null
		for a in odd real; do
			[[ $a == odd ]] && b=real || b=odd
			refused "'$a-$rule/file' and '$b-$rule/file' are the same file" \
				"$a-$rule/file" "$b-$rule/file"
			refused "'$a-$rule/file' and '$b-$rule/file' are the same file" \
				-p --reflink=never "$a-$rule/file" "$b-$rule/file"
			assert_same "real-$rule/file" saved
		done
		run -0 rcp --range=0:60K:10K "odd-$rule/file" "real-$rule/file"
		assert_equal "$(tail -c +10241 "real-$rule/file" | head -c 61440 |
			cksum)" "$(head -c 61440 saved | cksum)"
		# What is like it is another file.
		cp -p "real-$rule/file" twin
		run -0 rcp -T "odd-$rule/file" twin
		assert_same twin "real-$rule/file"
		rm twin
	done
}

# Its time is moved to find that out, and put back.
@test "a file onto itself in disguise keeps its time" {
	on xfs
	oddfs real odd
	mkfile real/file data:100K:1
	before=$(stat -c %y real/file)
	run -1 rcp odd/file real/file
	assert_equal "$(stat -c %y real/file)" "$before"
}

@test "a closed standard input is no source, a closed output no destination" {
	echo kept >kept
	run -1 bash -c '"$REFLINKCP" /dev/stdin kept <&-'
	assert_equal "$(cat kept)" kept
	run -1 bash -c '"$REFLINKCP" kept /dev/stdout >&-'
}

@test "out of a snapshot onto the same file: that is another file" {
	need btrfs
	on btrfs
	run -0 btrfs subvolume create volume
	mkfile volume/file data:100K:1
	run -0 btrfs subvolume snapshot volume snapshot
	run -0 rcp --reflink=never snapshot/file volume/file
	assert_same snapshot/file volume/file
	assert_disjoint snapshot/file volume/file
	btrfs subvolume delete volume snapshot
}

@test "--preserve=links: the name of what was written through a link" {
	mkdir -p one two/deep into/one into/two
	echo ONE >one/a
	ln one/a two/deep/b
	echo OLD >into/target
	echo OTHER >into/two/target
	ln -s ../target into/one/a
	run -0 rcp --parents --preserve=links one/a two/deep/b into
	assert_equal "$(cat into/two/deep/b)" ONE
	assert_equal "$(cat into/two/target)" OTHER
	assert_equal "$(inode into/two/deep/b)" "$(inode into/target)"
}

@test "--preserve=links: a copy that has become a backup is not linked to" {
	mkdir x y into
	echo ONE >x/a
	ln x/a x/b
	echo TWO >y/a
	run -0 rcp --preserve=links --backup=numbered x/a y/a x/b into
	assert_equal "$(cat into/b)" ONE
	assert_equal "$(cat into/a)" TWO
}

@test "-au: names of one file stay names of one file, whichever is newer" {
	mkdir from into
	echo FROM >from/a
	ln from/a from/b
	touch -d 2001-01-01 from/a
	echo INTO >into/a
	run -0 rcp -au from/a from/b into
	assert_equal "$(cat into/b)" INTO
	assert_equal "$(inode into/a)" "$(inode into/b)"

	rm into/a
	echo NEWER >into/a
	echo OLD >into/b
	touch -d 2000-01-01 into/b
	run -0 rcp -au from/b from/a into
	assert_equal "$(cat into/a)" FROM
	assert_equal "$(inode into/a)" "$(inode into/b)"
}

@test "where names can't be taken away nothing is made to take one" {
	need_root
	on xfs
	mkdir grows
	mkfifo fifo
	ln -s nowhere link
	echo new >file
	echo old >grows/file
	chattr +a grows
	for args in "--remove-destination " "-b " "-lf " "-sf $PWD/"; do
		# shellcheck disable=SC2086
		run -1 rcp ${args}file grows/file
	done
	for name in fifo link; do
		run -1 rcp -a $name grows/file
	done
	run -0 rcp file grows/file
	assert_equal "$(ls -A grows)" file
	assert_equal "$(cat grows/file)" new
}

@test "where names can't be taken away no private name is left" {
	need_root
	on btrfs
	mkdir grows nocow nocow/grows
	touch flagged
	chattr +C flagged nocow/grows
	mkfile plain data:10K:1
	cat plain >>flagged
	mkfile large data:2M:1
	chattr +a grows nocow/grows
	run -0 rcp flagged grows/copy
	run -0 rcp -a plain large nocow/grows
	run -0 rcp --range=0:0:0 flagged grows/ranges
	assert_equal "$(ls -A grows)" $'copy\nranges'
	assert_equal "$(ls -A nocow/grows)" $'large\nplain'
	assert_same plain grows/copy
	assert_same large nocow/grows/large
	chattr -a grows nocow/grows
}

# --- what others change meanwhile ---

@test "a destination that others make and remove meanwhile is made" {
	local fs option

	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mkfile source data:10K:1
		for option in -T -p -f --attributes-only -a --backup=simple; do
			for _ in {1..12}; do
				run -0 race blink copy \
					"$REFLINKCP" $option source copy
				rm -f copy~
			done
		done
	done
}

# until_written PID: until it has written a million bytes.
until_written() {
	until grep -qE '^wchar: [0-9]{7}' "/proc/$1/io" 2>/dev/null; do
		kill -0 "$1" || return 0
	done
}

@test "a large file whose name somebody takes meanwhile is copied there" {
	local fs

	need tmpfs
	mkfile "$(place tmpfs)/source" data:400M:1
	for fs in xfs btrfs ext4; do
		on "$fs"
		"$REFLINKCP" "$(place tmpfs)/source" copy &
		until_written $!
		[[ ! -e copy ]] || fail "it had its name too early"
		echo other >copy
		wait $!
		assert_same "$(place tmpfs)/source" copy
		# In a new directory the name is the one that somebody has.
		mkdir tree
		ln "$(place tmpfs)/source" tree/file 2>/dev/null ||
			cp --reflink=never copy tree/file
		"$REFLINKCP" -R --reflink=never tree made 2>said &
		until_written $!
		echo other >made/file
		wait $! && fail "$fs: exit 0"
		assert_equal "$(cat made/file)" other
		assert_only copy tree made said
		rm -r copy tree made
	done
}

@test "a clone that is refused leaves what others append meanwhile" {
	unsanitized "leaks can't be looked for under strace"
	local source target

	need xfs
	for source in xfs ext4; do
		on ext4
		mkfile "$(place $source)/source" data:10K:1
		mkfile log data:20K:2
		cp log model
		target=$PWD/log
		run -1 race grow "$target" strace -f -o /dev/null -e trace=ioctl \
			-e inject=ioctl:delay_enter=30000 "$REFLINKCP" \
			--reflink=always "$(place $source)/source" "$target"
		refute_output --partial "is empty now"
		cmp -n 20480 log model
		[[ $(stat -c %s log) -gt 20480 ]] || fail "nobody has appended"
		rm "$(place $source)/source" log model
	done
}

@test "files of two file systems, alike in size and times, are two" {
	unsanitized "leaks can't be looked for under strace"
	need_root
	on xfs
	chmod 777 .
	for fs in ext4 btrfs tmpfs; do
		old=$(place "$fs")/old
		mkfile source data:10K:1
		mkfile "$old" data:10K:2
		chmod 644 source
		chmod 666 "$old"
		touch source "$old"
		run -0 as_nobody "$REFLINKCP" source "$old"
		assert_same source "$old"
		touch source "$old"
		run -0 strace -o trace -e trace=utimensat "$REFLINKCP" \
			source "$old"
		run -1 grep utimensat trace
	done
}

@test "a file that can't be given a name later gets its own first" {
	local fs call

	for fs in xfs btrfs ext4 tmpfs overlay; do
		on "$fs"
		mkfile source data:2M:1
		mkdir tree
		cp source tree/one
		cp source tree/two
		for call in EPERM ENOENT; do
			run -0 denycall "linkat:$call" -- "$REFLINKCP" \
				--reflink=never source copy
			assert_same source copy
			run -0 denycall "linkat:$call" -- "$REFLINKCP" -a -j1 \
				--reflink=never tree made
			run -0 treecmp tree made
			assert_only source tree copy made
			rm -r copy made
		done
	done
}

# with_five COMMAND...: standard ones, and two more descriptors.
with_five() {
	run -0 bash -c 'for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			[[ $fd -lt 3 ]] || eval "exec $fd>&-"
		done
		ulimit -n 5
		exec "$@"' - "$@"
}

@test "few descriptors: what was overwritten is not emptied for want of one" {
	on xfs
	mkfile source data:2M:1
	mkfile old data:3M:2
	with_five "$REFLINKCP" --reflink=never source old
	assert_same source old
	with_five "$REFLINKCP" --reflink=never source new
	assert_same source new
}

# An overlay without "index": what is opened for writing becomes another file.
# overlay_of_links DIR: mounted at DIR/all, whose lower file has two names.
overlay_of_links() {
	mkdir -p "$1"/{lower,upper,work,all}
	echo old >"$1/lower/file"
	chmod 640 "$1/lower/file"
	ln "$1/lower/file" "$1/lower/other"
	mount -t overlay -o \
		"index=off,lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" \
		overlay "$1/all"
}

@test "an overlay's file that is another one once it is opened is written" {
	local fs option

	need_root
	for fs in xfs ext4; do
		for option in -T -f -p -u --attributes-only \
			--range=0:0:0 --reflink=never -aT; do
			on "$fs"
			rm -rf tree
			overlay_of_links tree
			mkfile source data:10K:1
			run -0 rcp $option source tree/all/file
			[[ $option == --attributes-only ]] ||
				assert_same source tree/all/file
			assert_equal "$(cat tree/all/other)" old
			umount tree/all
		done
		overlay_of_links again
		mkdir tree2
		cp source tree2/file
		run -0 rcp -R tree2/. again/all
		assert_same source again/all/file
		umount again/all
	done
}

@test "FUSE with numbers that change each time: files and deep trees" {
	local option rule

	on xfs
	mkdir -p tree/{1,2,3}/b/c/d/e/f/g/h/i
	for dir in tree tree/{1,2,3}/b tree/{1,2,3}/b/c/d/e/f/g/h/i; do
		echo "$dir" >"$dir/file"
	done
	mkfile source data:10K:1
	mkfile big data:2M:2
	for rule in ino=changing ino=copyup; do
		oddfs "real-$rule" "odd-$rule" "$rule"
		for option in -T -f -p -u --range=0:0:0 -aT; do
			echo old >"odd-$rule/file"
			touch -d 2001-01-01 "odd-$rule/file"
			run -0 rcp $option source "odd-$rule/file"
			assert_same source "odd-$rule/file"
		done
		run -0 rcp big "odd-$rule/big"
		assert_same big "odd-$rule/big"
		for option in -j1 -j4; do
			run -0 rcp -a $option tree "odd-$rule/tree$option"
			run -0 rcp -aT $option tree "odd-$rule/tree$option"
			run -0 rcp -a $option "odd-$rule/tree$option" \
				"back-$rule"
			run -0 diff -r tree "back-$rule"
			rm -r "back-$rule"
		done
	done
}

@test "a link onto the file that it leads to is refused, from another file system too" {
	local place options

	for place in xfs ext4 tmpfs; do
		on "$place"
		echo data >foo
		ln -s "$PWD/foo" "$(place btrfs)/l-$place"
		ln -s foo l
		for options in "" -f -b -bf --remove-destination "-s -b" \
			"-s --remove-destination"; do
			for link in l "$(place btrfs)/l-$place"; do
				# shellcheck disable=SC2086
				refused "'$link' and 'foo' are the same file" \
					$options "$link" foo
			done
		done
		assert_equal "$(<foo)" data
		assert_only foo l
		ln -P l h
		run -0 rcp -d h l
		assert_output ""
		assert_equal "$(inode l)" "$(inode h)"
	done
}

@test "-b keeps what is no directory where one is to be" {
	local place

	for place in xfs btrfs ext4 tmpfs overlay; do
		on "$place"
		mkdir source
		echo new >source/file
		echo old >name
		ln -s nowhere link
		run -0 rcp -RTb source name
		run -0 rcp -RTb source link
		assert_equal "$(cat name/file name~ link/file)" $'new\nold\nnew'
		assert_equal "$(readlink link~)" nowhere
		mkdir -p copy/source
		echo older >copy/source/file
		mv source/file source/x
		mkdir source/file
		run -0 rcp -Rb --backup=numbered source copy
		assert_equal "$(<"copy/source/file.~1~")" older
		assert [ -d copy/source/file ]
		rm -r ./*
	done
}

# failing_at CALL:ERRNO:N ARGUMENT...: the program, whose N-th CALL fails.
failing_at() {
	local call error when

	IFS=: read -r call error when <<<"$1"
	unsanitized "leaks can't be looked for under strace"
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	rm trace
	run -1 --separate-stderr strace -f -o /dev/null -e trace="$call" \
		-e inject="$call:error=$error:when=$when" \
		"$REFLINKCP" "${@:2}"
}

@test "-b: if the directory can't be made, the file has its name again" {
	on xfs
	mkdir source
	echo old >name
	failing_at mkdirat:ENOSPC:2 -RTb source name
	assert_equal "$stderr" \
		"$ME: cannot create directory 'name': No space left on device"
	assert_equal "$(<name)" old
	assert_only source name
}

@test "-b in a directory that can be written but not read" {
	local place i

	need_root
	for place in xfs btrfs ext4 tmpfs; do
		on "$place"
		rm -rf in
		mkdir -m 300 in
		echo 0 >in/a
		chown -R 65534 in
		for i in 1 2 3; do
			echo "$i" >a
			run -0 as_nobody "$REFLINKCP" --backup=numbered a in
		done
		assert_equal "$(cat in/a "in/a.~1~" "in/a.~2~" "in/a.~3~")" \
			$'3\n0\n1\n2'
		run -0 as_nobody "$REFLINKCP" -f --backup=numbered in/a in/a
		assert_equal "$(cat "in/a.~1~" "in/a.~4~")" $'0\n3'
		run -0 as_nobody "$REFLINKCP" -b a in
		assert_equal "$(<in/a~)" 3
	done
}

@test "a name that can't be given to the new file, and one that can't be taken away" {
	local error options said

	on xfs
	echo new >source
	for options in --remove-destination "-b -f"; do
		for error in ENOSPC EIO EACCES EPERM EROFS EBUSY; do
			echo old >copy
			said="cannot create regular file 'copy'"
			[[ $error != E[APRB]* || $options == -b* ]] ||
				said="cannot remove 'copy'"
			# The backup is made by the first of these calls.
			# shellcheck disable=SC2086
			failing_at "renameat:$error:$([[ $options == -b* ]] &&
				echo 2 || echo 1)" $options source copy
			assert_equal "${stderr%: *}" "$ME: $said"
			assert_equal "$(<copy)" old
			assert_only source copy
		done
	done
}

@test "what appears in a new directory is somebody else's, and stays" {
	local i

	on xfs
	mkdir -p source
	mkfifo source/wait
	echo ours >source/file
	ln -s ours source/link
	mkdir source/directory
	echo ours >source/directory/in
	# The FIFO is listed first: when it is read the others are yet to be made.
	rcp -R --copy-contents source copy 2>said &
	for ((i = 0; i < 500; i++)); do
		[[ -d copy ]] && break
		sleep 0.02
	done
	echo theirs >copy/file
	echo theirs >copy/link
	mkdir copy/directory
	echo >source/wait
	wait $! && fail "exit 0"
	assert_equal "$(sort said)" "$(for i in directory file link; do
		echo "$ME: will not overwrite 'copy/$i' with 'source/$i':" \
			"another process has just created it"
	done)"
	assert_equal "$(cat copy/file copy/link)" $'theirs\ntheirs'
	assert_equal "$(ls copy/directory)" ""
}
