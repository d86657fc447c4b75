# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --range, --ranges-from and --null as words: what is read, what is refused.
# What becomes of the bytes is in ranges.bats.

load helper

ARGUMENT="expected SRC_OFFSET:LENGTH:DEST_OFFSET"
LINE="expected SRC_OFFSET LENGTH DEST_OFFSET"
NUMBER="; expected a number of bytes, such as 4096, 4K, 4KiB or 0x1000"

# Both operands, 10000 bytes each.
make_files() {
	mkfile src data:10000:1
	mkfile dst data:10000:2
}

# put SRC_OFFSET LENGTH DEST_OFFSET: the same on `want` by dd.
put() {
	dd if=src iflag=skip_bytes,count_bytes skip="$1" count="$2" \
		of=want oflag=seek_bytes seek="$3" conv=notrunc status=none
}

# not_done MESSAGE ARGUMENT...: it fails with this first line, no other but one
# about help; neither operand is touched, nothing is made.
not_done() {
	local message=$1 line

	shift
	remember src dst
	run -1 --separate-stderr rcp "$@"
	assert_equal "$output" ""
	assert_equal "${stderr_lines[0]}" "$ME: $message"
	for line in "${stderr_lines[@]:1}"; do
		assert_equal "$line" "Try '$ME --help' for more information."
	done
	assert_untouched
	assert_absent new
}

# The same for an existing destination and for a new one.
never_done() {
	not_done "$@" src dst
	not_done "$@" src new
}

@test "--range: three parts and two colons" {
	make_files
	never_done "invalid range '1:2': no destination offset; $ARGUMENT" \
		--range=1:2
	never_done "invalid range '1': $ARGUMENT" --range=1
	never_done "invalid range '': $ARGUMENT" --range=
	never_done "invalid range '1:2:3:4': more than three numbers; $ARGUMENT" \
		--range=1:2:3:4
	never_done "invalid range '1,2,3': $ARGUMENT" --range 1,2,3
	not_done "option '--range' requires an argument" src new --range
}

@test "--range: what is no number" {
	make_files
	never_done "invalid range 'x:2:3': invalid source offset 'x'$NUMBER" \
		--range=x:2:3
	never_done "invalid range '1:-2:3': invalid length '-2'$NUMBER" --range=1:-2:3
	never_done "invalid range '-1:2:3': invalid source offset '-1'$NUMBER" \
		--range=-1:2:3
	never_done "invalid range '1:2:+3': invalid destination offset '+3'$NUMBER" \
		--range=1:2:+3
	never_done "invalid range '1: 2:3': invalid length ' 2'$NUMBER" '--range=1: 2:3'
	never_done "invalid range '1:2KB:3': invalid length '2KB'; KB, MB and so on may mean two numbers: use KiB, MiB and so on" \
		--range=1:2KB:3
	never_done "invalid range '1:1.5K:3': invalid length '1.5K'$NUMBER" \
		--range=1:1.5K:3
	never_done "invalid range '0x:2:3': invalid source offset '0x'$NUMBER" \
		--range=0x:2:3
	never_done "invalid range '1:2:3'$'\\n': invalid destination offset '3'$'\\n'$NUMBER" \
		$'--range=1:2:3\n'
}

@test "--range: what is too large" {
	make_files
	never_done "invalid range '8E:1:0': source offset '8E' is too large" \
		--range=8E:1:0
	never_done "invalid range '0:9223372036854775808:0': length '9223372036854775808' is too large" \
		--range=0:9223372036854775808:0
	never_done "invalid range '0:1:18446744073709551617': destination offset '18446744073709551617' is too large" \
		--range=0:1:18446744073709551617
	never_done "invalid range '0:1:16E': destination offset '16E' is too large" \
		--range=0:1:16E
	never_done "range 1 (0:2:9223372036854775806) ends beyond what a file can hold" \
		--range=0:2:9223372036854775806
}

@test "--range: an empty part is 0, a length of 0 goes to the end" {
	make_files
	for range in :: 0:0:0 :0: 0:10000:0; do
		run -0 rcp --range=$range src new
		assert_same src new
		rm new
	done
	cp dst want
	put 9000 1000 100
	run -0 rcp --range=9000::100 src dst
	assert_same dst want
}

@test "--range: hexadecimal, suffixes, zeros in front" {
	make_files
	for range in 4096:1024:8192 4K:1K:8K 4k:1k:8k 4KiB:1KiB:8kiB 0x1000:0x400:0x2000 \
		0X1000:0x1K:0x8k 04096:001024:008K; do
		rm -f want
		cp dst want
		cp dst got
		put 4096 1024 8192
		run -0 rcp --range=$range src got
		assert_same got want
	done
	run -0 rcp --range=0:10:1M src new
	assert_equal "$(stat -c %s new)" 1048586
}

@test "--range: past the source's end" {
	make_files
	never_done "range 1 (0:10001:0) passes the end of 'src', which has 10000 bytes" \
		--range=0:10001:0
	never_done "range 1 (10001:0:0) passes the end of 'src', which has 10000 bytes" \
		--range=10001:0:0
	never_done "range 2 (9999:2:0) passes the end of 'src', which has 10000 bytes" \
		--range=0:10:0 --range=9999:2:0
	run -0 rcp --range=9999:1:0 src new
	assert_equal "$(stat -c %s new)" 1
}

@test "--range: at the source's end there is nothing to do" {
	make_files
	cp dst want
	run -0 rcp -v --range=10000:0:10 src dst
	assert_output "'src' -> 'dst': range 1, 10000:0:10: nothing to do"
	assert_same dst want
}

@test "--ranges-from: lines, comments, blanks, tabs, carriage returns" {
	make_files
	cp dst want
	put 0 10 20
	put 30 40 50
	put 9000 1000 9500
	put 1 1 1
	printf '%s\n' '# src len dst' '' '0 10 20' $'\t 30\t40  50 \t# why' \
		'  # 1 2 3' $'9000 0 9500\r' $'\r' >list
	printf '1 1 1' >>list
	run -0 --separate-stderr rcp --ranges-from=list src dst
	assert_equal "$output$stderr" ""
	assert_same dst want
}

@test "--ranges-from: an error names the line" {
	make_files
	printf '%s\n' '# comment' '1 2 3' '' '1 12x 3' '4 5 6' >list
	never_done "'list':4: invalid length '12x'$NUMBER" --ranges-from=list
	echo '1 2' >list
	never_done "'list':1: no destination offset; $LINE" --ranges-from=list
	echo '1:2:3' >list
	never_done "'list':1: $LINE" --ranges-from=list
	echo '1 2 3 4' >list
	never_done "'list':1: more than three numbers; $LINE" --ranges-from=list
	echo '1 -2 3' >list
	never_done "'list':1: invalid length '-2'$NUMBER" --ranges-from=list
	printf '1 2 3\n9E 1 1' >list
	never_done "'list':2: source offset '9E' is too large" \
		--ranges-from=list
	printf '1 2 3\n1 2 \0 3\n' >list
	never_done "'list':2: unexpected NUL byte; $LINE" --ranges-from=list
	printf '1 2 3\n1 2 \e[1m\n' >list
	never_done "'list':2: invalid destination offset ''$'\\033''[1m'$NUMBER" \
		--ranges-from=list
}

@test "--ranges-from: a list that can't be read" {
	make_files
	never_done "cannot open list of ranges 'none': No such file or directory" --ranges-from=none
	never_done "cannot open list of ranges '': No such file or directory" --ranges-from=
	mkdir dir
	never_done "error reading list of ranges 'dir': Is a directory" --ranges-from=dir
	truncate -s 1T image
	never_done "'image':1: unexpected NUL byte; $LINE" --ranges-from=image
	not_done "option '--ranges-from' requires an argument" src new \
		--ranges-from
	echo '0 10 0' >$'a\nb'
	run -0 rcp --ranges-from=$'a\nb' src new
	rm new
	echo x >$'a\nb'
	never_done "'a'$'\\n''b':1: $LINE" --ranges-from=$'a\nb'
}

@test "--ranges-from: a list that may not be read" {
	need_root
	make_files
	echo '0 10 0' >list
	chmod 600 list
	chmod 777 .
	remember src dst
	run -1 as_nobody "$REFLINKCP" --ranges-from=list src new
	assert_output "$ME: cannot open list of ranges 'list': Permission denied"
	assert_absent new
	assert_untouched
}

@test "--ranges-from: a list without a range" {
	make_files
	echo '0 10 0' >good
	for text in '' '\n\n' '# 0 10 0\n' ' \t\r\n'; do
		# shellcheck disable=SC2059
		printf "$text" >list
		never_done "no range in list 'list'" --ranges-from=list
		never_done "no range in list 'list'" --range=0:10:0 \
			--ranges-from=good --ranges-from=list
	done
	printf '\0#\0' >list
	never_done "no range in list 'list'" -0 --ranges-from=list
	remember src dst
	for dst in dst new; do
		run -1 bash -c 'false | "$0" --ranges-from=- src "$1"' \
			"$REFLINKCP" $dst
		assert_output "$ME: no range in list '-'"
	done
	assert_absent new
	assert_untouched
}

@test "--range: an operand in place of its argument" {
	make_files
	remember src dst
	run -1 rcp --range src dst
	assert_line --index 0 "$ME: invalid range 'src': $ARGUMENT"
	run -1 rcp --range src dst new
	assert_line --index 0 "$ME: invalid range 'src': $ARGUMENT"
	assert_absent new
	assert_untouched
}

@test "--ranges-from=-: standard input" {
	make_files
	cp dst want
	put 0 10 20
	put 30 40 50
	run -0 rcp --ranges-from=- src dst <<<$'0 10 20\n30 40 50'
	assert_same dst want
	remember src dst
	run -1 rcp --ranges-from - src dst <<<$'0 10 20\n30 40'
	assert_output "$ME: '-':2: no destination offset; $LINE"
	assert_untouched
	run -1 bash -c '"$0" --ranges-from=- src dst <&-' "$REFLINKCP"
	assert_output "$ME: error reading list of ranges '-': Bad file descriptor"
	assert_untouched
	echo '30 40 50' >./-
	cp dst want
	run -0 rcp --ranges-from=./- src dst
	assert_same dst want
}

@test "--null: entries end in NUL" {
	make_files
	for option in -0 --null; do
		cp dst got
		cp dst want
		put 0 10 20
		put 30 40 50
		printf '0 10 20\0\0# 1\0 30 40 50' >list
		run -0 rcp $option --ranges-from=list src got
		assert_same got want
	done
	printf '1 2 3\0\0001 2\0' >list
	never_done "'list':3: no destination offset; $LINE" -0 --ranges-from=list
	printf '1 2 3\n4 5 6\n' >list
	never_done "'list':1: more than three numbers; $LINE" -0 --ranges-from=list
}

@test "--null without --ranges-from" {
	make_files
	for option in -0 --null; do
		not_done "--null can be used only with --ranges-from" \
			$option src new
		not_done "--null can be used only with --ranges-from" \
			$option --range=:: src new
	done
}

@test "ranges and lists are done in the order given" {
	make_files
	printf '100 4 2\n' >one
	printf '200 4 4\n300 4 6\n' >two
	cp dst want
	put 400 4 0
	put 100 4 2
	put 500 4 1
	put 200 4 4
	put 300 4 6
	put 600 4 5
	put 100 4 2
	run -0 rcp -v --range=400:4:0 --ranges-from=one --range=500:4:1 \
		--ranges-from two --range=600:4:5 src --ranges-from one dst
	assert_equal "$(grep -o 'range [0-9]*, [0-9]*' <<<"$output")" "\
range 1, 400
range 2, 100
range 3, 500
range 4, 200
range 5, 300
range 6, 600
range 7, 100"
	assert_same dst want
}

@test "nothing is done if a later range can't be read" {
	make_files
	echo '1 2 3' >list
	echo x >bad
	never_done "invalid range 'x': $ARGUMENT" \
		--range=1:2:3 --ranges-from=list --range=x
	never_done "'bad':1: $LINE" \
		--range=1:2:3 --ranges-from=list --ranges-from=bad
	never_done "cannot open list of ranges 'none': No such file or directory" \
		--range=1:2:3 --ranges-from=none
}

@test "100,000 ranges from a list, in little memory" {
	make_files
	cp src want
	yes "0 1 0" | head -n 100000 >list
	limit=40000 # KiB of addresses
	[[ ! ${REFLINKCP_SANITIZED-} ]] || limit=unlimited
	run -0 bash -c 'ulimit -v "$0"; "$@"' "$limit" "$REFLINKCP" \
		--ranges-from=list src new
	assert_equal "$(stat -c %s new)" 1
	echo '10000 1 0' >>list
	rm new
	never_done "range 100001 (10000:1:0) passes the end of 'src', which has 10000 bytes" \
		--ranges-from=list
}

@test "what would replace the file excludes ranges" {
	local no="--range and --ranges-from can't be combined with"

	make_files
	echo '1 2 3' >list
	for given in --range=1:2:3 --ranges-from=list; do
		for option in -l --link -s --symbolic-link; do
			never_done "$no --link or --symbolic-link" $given $option
		done
		for option in -f --force --remove-destination; do
			never_done "$no --force or --remove-destination" \
				$given $option
		done
		for option in -b --backup --backup=numbered -S.o --suffix=.o; do
			never_done "$no --backup or --suffix" $option $given
		done
		never_done "$no --attributes-only" --attributes-only $given
		never_done "--reflink can be used only with --sparse=auto" \
			$given --reflink=always --sparse=never
	done
}

@test "ranges are of one source" {
	make_files
	mkdir into
	not_done "extra operand 'into'" --range=:: src dst into
	not_done "extra operand 'dst'" --range=:: -t into src dst
	not_done "extra operand 'into'" --range=:: -T src dst into
	not_done "missing destination file operand after 'src'" --range=:: src
	not_done "missing file operand" --range=:: -t into
	assert_equal "$(ls -A into)" ""
	run -0 rcp --range=0:10:0 -t into src
	run -0 rcp --range=10:10:10 src into
	run -0 cmp -n 20 src into/src
	assert_equal "$(stat -c %s into/src)" 20
	run -0 rcp --range=0:10:0 --parents into/src into
	assert_equal "$(stat -c %s into/into/src)" 10
}

# is_no_file KIND SOURCE DEST: one of them is of that kind, and named for it.
is_no_file() {
	refused "$1: ranges need a regular file" --range=0:10:0 "${@:2}"
}

@test "only regular files have ranges" {
	make_files
	mkdir dir dir/into
	mkfifo fifo
	ln -s src link
	remember src dst
	is_no_file "'fifo' is a FIFO" fifo dst
	is_no_file "'fifo' is a FIFO" src fifo
	is_no_file "'/dev/null' is a character device" src /dev/null
	is_no_file "'/dev/zero' is a character device" /dev/zero dst
	is_no_file "'dir' is a directory" dir new
	is_no_file "'dir' is a directory" dir dst
	is_no_file "'dir' is a directory" -T src dir
	is_no_file "'link' is a symbolic link" -P link new
	assert_absent new
	run -1 rcp --range=0:10:0 missing dst
	assert_output "$ME: cannot stat 'missing': No such file or directory"
	assert_untouched
}

@test "a block device has no ranges" {
	need_root
	on xfs
	make_files
	mknod block b 7 255
	remember src dst
	is_no_file "'block' is a block device" src block
	assert_untouched
}

@test "options about existing files count for ranges too" {
	make_files
	remember src dst
	run -0 rcp -n --range=0:10:0 src dst
	run -0 rcp --update=none --range=0:10:0 src dst
	run -1 rcp -i --range=0:10:0 src dst <<<n
	run -1 rcp -i --ranges-from=- src dst <<<'0 10 0'
	touch -d 2001-01-01 src
	touch -d 2002-01-01 dst
	remember src dst
	run -0 rcp -u --range=0:10:0 src dst
	assert_untouched
	run -0 rcp -i --range=0:10:0 src dst <<<y
	run -0 cmp -n 10 src dst
	assert_equal "$(stat -c %s dst)" 10000
}

@test "attributes of ranges: only with -p" {
	make_files
	chmod 640 src
	touch -d 2001-01-01 src
	chmod 600 dst
	run -0 rcp --range=0:10:0 src dst
	assert_equal "$(stat -c %a dst)" 600
	assert [ dst -nt src ]
	run -0 rcp -p --range=0:10:0 src dst
	assert_equal "$(stat -c '%a %Y' dst)" "$(stat -c '%a %Y' src)"
}

@test "what is said of ranges is said only with -v" {
	make_files
	run -0 --separate-stderr rcp --range=0:10:0 src dst
	assert_equal "$output$stderr" ""
	for option in -v --debug; do
		run -0 --separate-stderr rcp $option --reflink=never \
			--range=0:0xA:0 --range=1K:5:7 src dst
		assert_equal "$stderr" ""
		assert_output "\
'src' -> 'dst': range 1, 0:10:0: copied: --reflink=never
'src' -> 'dst': range 2, 1024:5:7: copied: --reflink=never"
	done
	run -0 rcp -v --sparse=never --range=1:0:2 src dst
	assert_output "'src' -> 'dst': range 1, 1:9999:2: copied: --sparse=never"
}

@test "what is said of ranges is lost: it fails" {
	make_files
	run -1 bash -c '"$0" -v --range=0:10:0 src dst >/dev/full' "$REFLINKCP"
	assert_output "$ME: write error: No space left on device"
}
