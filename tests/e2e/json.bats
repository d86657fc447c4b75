# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --json: where the report goes, and how it begins and ends.

load helper

# of TYPE FILTER: what jq finds in the records of that type in report.jsonl.
of() {
	jq -r --arg type "$1" "select(.type == \$type) | $2" report.jsonl
}

assert_of() {
	assert_equal "$(of "$1" "$2")" "$3"
}

# assert_whole: report.jsonl has an object a line, numbered, and a last one.
assert_whole() {
	assert_equal "$(jq -s 'length' report.jsonl)" "$(wc -l <report.jsonl)"
	assert_equal "$(jq .seq report.jsonl)" \
		"$(seq 0 $(($(wc -l <report.jsonl) - 1)))"
	assert_equal "$(jq -r .type report.jsonl | sed -n '1p;$p')" \
		"run"$'\n'"summary"
	assert_equal "$(jq -r .type report.jsonl | grep -cxE 'run|summary')" 2
}

@test "--json: the first record says what is run, and the last how it ended" {
	: >source
	run -0 --separate-stderr rcp --json -f source copy
	echo "$output" >report.jsonl
	assert_equal "$stderr" ""
	assert_whole
	assert_of run '[.schema, .command] | @json' '[1,"copy"]'
	assert_of run '.options + .operands | @json' \
		'["--json","-f","source","copy"]'
	assert_of run .version "$(rcp --version | sed -n '1s/.* //p')"
	assert_of run '.started | fromdate - now | . > -60 and . < 1' true
	assert_of summary '[.command, .exit_status, .signal] | @json' \
		'["copy",0,null]'
	assert_of summary '.time >= 0 and .time < 60' true
}

@test "--json: nothing else goes to standard output, wherever it leads" {
	: >source
	rcp --json -v --debug source copy >report.jsonl
	assert_whole
	rcp --json=- -v source copy >report.jsonl
	assert_whole
	rcp --json=/dev/stdout -v source copy | cat >report.jsonl
	assert_whole
	rcp --json=report.jsonl -v source copy >>report.jsonl
	assert_whole
}

@test "--json=FILE: people's words go on as before" {
	: >source
	mkdir into
	run -1 --separate-stderr rcp -v --json=report.jsonl source none into
	assert_equal "$output" "'source' -> 'into/source'"
	assert_equal "$stderr" \
		"$ME: cannot stat 'none': No such file or directory"
	assert_whole
}

@test "--json=FILE: pipes and descriptors" {
	: >source
	mkfifo fifo
	cat fifo >report.jsonl &
	rcp --json=fifo source copy
	wait $!
	assert_whole
	rcp --json=/dev/fd/7 source copy 7>report.jsonl
	assert_whole
	rcp --json=/dev/fd/7 source copy 7> >(cat >report.jsonl)
	until jq -e 'select(.type == "summary")' report.jsonl; do
		sleep 0.02
	done
	assert_whole
}

@test "--json=FILE: an old file is overwritten, a new one has the default mode" {
	: >source
	umask 027
	rcp --json=report.jsonl source copy
	assert_equal "$(stat -c %a report.jsonl)" 640
	yes | head -n 5000 >report.jsonl || true
	chmod 604 report.jsonl
	rcp --json=report.jsonl source copy
	assert_whole
	assert_equal "$(stat -c %a report.jsonl)" 604
}

@test "--json=FILE: an operand is not overwritten" {
	echo content >source
	ln source name
	ln -s source link
	echo old >copy
	remember source copy
	refused "the report 'source' is the same file as 'source'" \
		--json=source source copy
	refused "the report 'name' is the same file as 'source'" \
		--json=name source copy
	refused "the report 'link' is the same file as 'source'" \
		--json=link source copy
	refused "the report 'copy' is the same file as 'copy'" \
		--json=copy source copy
	run -1 rcp --json=source --bogus source copy
	assert_untouched
	mkdir into
	refused "the report 'name' is the same file as 'source'" \
		--json=name -t into copy source
	assert_untouched
}

@test "--json: the report can't be the file that standard error goes to" {
	: >source
	echo kept >report.txt
	for name in report.txt /dev/stderr; do
		rcp --json="$name" source none/copy 2>>report.txt ||
			assert_equal $? 1
	done
	assert_equal "$(<report.txt)" "kept
$ME: the report 'report.txt' is where standard error goes
$ME: the report '/dev/stderr' is where standard error goes"
	run -0 keeping bash -c '"$REFLINKCP" --json=/dev/stderr source copy 2>&1 |
		cat >report.jsonl'
	assert_whole
}

@test "--json: a report that can't be written is a failure" {
	: >source
	run -1 rcp --json=none/report source copy
	assert_output \
		"$ME: cannot open the report 'none/report': No such file or directory"
	assert_absent copy
	run -1 rcp --json=/dev/full source copy
	assert_output \
		"$ME: error writing the report '/dev/full': No space left on device"
	[[ -e copy ]]
	run -1 bash -c '"$REFLINKCP" --json source copy >/dev/full'
	assert_output "$ME: write error: No space left on device"
	run -1 bash -c '"$REFLINKCP" --json source copy >&-'
	assert_output "$ME: write error: Bad file descriptor"
	run bash -c '{ sleep 0.3; "$REFLINKCP" --json source copy; echo $? >&2; } | :'
	assert_output "$ME: write error: Broken pipe"$'\n1'
}

@test "--json: closing fails" {
	: >source
	: >report.jsonl
	run -1 keeping strace -qqq -o log -e trace=close -P report.jsonl \
		-e inject=close:error=EDQUOT \
		"$REFLINKCP" --json=report.jsonl source copy
	assert_output --partial \
		"error writing the report 'report.jsonl': Disk quota exceeded"
}

@test "--json: errors in the command line are in the report, which is new" {
	local words

	for words in "--bogus --json=report.jsonl a b" "--json=report.jsonl a" \
		"--json=report.jsonl --reflink=x a b" \
		"--json=report.jsonl --range=9:9:x a b" \
		"--json=report.jsonl --ranges-from=none a b" \
		"--json=report.jsonl -l -s a b"; do
		echo old >report.jsonl
		# shellcheck disable=SC2086
		run -1 rcp $words
		assert_whole
		assert_of error .class usage
		assert_equal "$ME: $(of error .message)" \
			"$(sed '/^Try /d' <<<"$output")"
		assert_of summary .exit_status 1
	done
}

@test "--json: --help and --version are answers, not reports" {
	run -0 rcp --json=report.jsonl --help
	assert_output --partial Usage:
	run -0 rcp --json --version
	refute_output --partial '{'
	assert_absent report.jsonl
}

@test "--json: a signal ends the report with its number" {
	mkfifo source
	run -130 keeping timeout --foreground -s INT 0.3 "$REFLINKCP" \
		--json=report.jsonl --copy-contents source copy || true
	assert_whole
	assert_of summary '[.exit_status, .signal] | @json' '[130,2]'
}
