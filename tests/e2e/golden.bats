# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2030,SC2031,SC2154,SC2164
# What people and programs read of one run of each kind.  BLESS=1 tests/run
# golden.bats makes tests/golden/reports.txt anew.

load helper

# What differs from run to run and place to place, made the same.
normal() {
	sed -E "s,$LAB,/lab,g; s,/dev/loop[0-9]+,/dev/loop,g; s/^$ME:/reflinkcp:/
		s/\"(time|started|version)\":(\"[^\"]*\"|[0-9.e-]+)/\"\1\":\"SOME\"/g
		s/(\"fs_type.*)\"size\":[0-9]+/\1\"size\":\"SOME\"/
		s/\"free\":[0-9]+/\"free\":\"SOME\"/
		s/\"(mount|fs)_options\":\"[^\"]*\"/\"\1_options\":\"SOME\"/g
		s/[0-9]+\.[0-9] seconds$/T seconds/; s/; [0-9.]+[KMGT]?i?B free/; SOME free/
		s,^(    free space +).*,\1SOME of MORE,"
}

# shown ARGUMENT...: a run, what it says, and its report.
shown() {
	local status=0

	echo "\$ reflinkcp $*"
	rcp --json=report.jsonl "$@" 2>&1 || status=$?
	echo "exit status $status"
	cat report.jsonl
	echo
}

@test "texts and reports are as blessed" {
	local golden=$BATS_TEST_DIRNAME/../golden/reports.txt

	unsanitized "once is enough"
	need_root
	need xfs ext4
	on xfs
	ln -s "$(place ext4)" ext4
	# Names in a directory come in any order: there is one in each.
	mkdir -p tree/sub into
	mkfile data data:64K:1
	mkfile tree/sub/hole hole:1M data:4K:2
	ln data name
	ln -s data link
	mkfile old data:8K:3
	echo odd >$'odd\xff'
	{
		shown -v --summary -a -j 1 data name link tree into
		shown --summary -b data old
		shown --summary data $'odd\xff' ext4
		shown --summary --range=0:4K:0 --range=1:10:8K --range=0:5000:16K \
			data ranges
		shown --summary none1 none2 data tree into
		shown --reflink=always data ext4/refused
		shown --bogus
		shown --dry-run -b data old
		shown --dry-run -a -j 1 data name link tree ext4
		shown --dry-run --range=1:10:8K data ranges
		shown --shared data into/data old none
		shown --probe . none/x
	} | normal >"$BATS_TEST_TMPDIR/reports"
	[[ ! ${BLESS-} ]] || cp "$BATS_TEST_TMPDIR/reports" "$golden"
	diff -u "$golden" "$BATS_TEST_TMPDIR/reports"
}
