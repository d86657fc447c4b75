# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --json: the records of a copy.  tests/e2e/schema checks each line against the
# schema, and that a summary says what its records add up to.

load helper

# of TYPE FILTER: what jq finds in the records of that type in report.jsonl.
of() {
	jq -c --arg type "$1" "select(.type == \$type) | $2" report.jsonl
}

# records: those of things, a line each, sorted by name.
records() {
	of file '[.kind, .src, .result, .size, .cloned, .copied, .offloaded,
		.holes, .refused, [.errors[] | .class]]' | sort
}

# reported STATUS ARGUMENT...: copy with a report.
reported() {
	run -"$1" rcp --json=report.jsonl "${@:2}"
}

# error: the only one of the only thing that failed.
error() {
	of file '.errors[] | [.severity, .class, .call, .errno, .src, .dst,
		.detail]'
}

@test "--json: a record for each thing, with what became of it" {
	on xfs
	mkdir -p tree/sub tree/old into/tree/old
	mkfile tree/data data:8K:1
	truncate -s 1M tree/hole
	: >tree/empty
	ln tree/data tree/zname
	ln -s data tree/link
	mkfifo tree/fifo
	echo new >tree/kept
	echo old >into/tree/kept
	reported 0 -a --update=none -j 1 tree into
	# Which name comes first is up to the file system.
	assert_equal "$(of file 'select(.src | test("data|zname")) | .result' |
		sort)" '"cloned"'$'\n''"linked"'
	assert_equal "$(records | grep -vE 'data|zname')" '["directory","tree","skipped",null,0,0,0,0,null,[]]
["directory","tree/old","skipped",null,0,0,0,0,null,[]]
["directory","tree/sub","created",null,0,0,0,0,null,[]]
["fifo","tree/fifo","created",null,0,0,0,0,null,[]]
["file","tree/empty","created",0,0,0,0,0,null,[]]
["file","tree/hole","cloned",1048576,1048576,0,0,0,null,[]]
["file","tree/kept","skipped",4,0,0,0,0,null,[]]
["symlink","tree/link","linked",null,0,0,0,0,null,[]]'
}

@test "--json: what was copied, and what ended cloning" {
	need xfs ext4
	on ext4
	mkfile source data:1M:1
	reported 0 source copy
	assert_equal "$(records)" '["file","source","copied",1048576,0,0,1048576,0,{"call":"FICLONE","errno":"EOPNOTSUPP"},[]]'
	reported 0 --reflink=never source copy
	assert_equal "$(records)" \
		'["file","source","copied",1048576,0,1048576,0,0,null,[]]'
	mkfile sparse hole:1M data:64K:1 hole:64K
	reported 0 sparse "$(place xfs)/copy"
	assert_equal "$(records)" '["file","sparse","copied",1179648,0,65536,0,1114112,{"call":"FICLONE","errno":"EXDEV"},[]]'
	# Onto a file that is at least as long, the length is asked for.
	reported 0 --reflink=auto sparse "$(place xfs)/copy"
	assert_equal "$(of file .refused)" \
		'{"call":"FICLONERANGE","errno":"EXDEV"}'
}

@test "--json: names that are no UTF-8, and backups" {
	local odd=$'a\xff\n"'

	on xfs
	: >"$odd"
	cp "$odd" copy
	reported 0 -b "$odd" copy
	assert_equal "$(of file '.src.text == "a\ufffd\n\""')" true
	assert_equal "$(of file '.src.base64' | tr -d \" | base64 -d)" "$odd"
	assert_equal "$(of file .backup)" '"copy~"'
	assert_equal "$(of run '.operands[0] == .operands[0]')" true
}

@test "--json: an error names the call, and not what cp would have done" {
	on xfs
	: >source
	mkdir full
	ln -s nowhere full/dangling
	reported 1 none copy
	assert_equal "$(error)" \
		'["failure","missing","fstatat","ENOENT","none","copy",null]'
	reported 1 source none/copy
	assert_equal "$(error)" \
		'["failure","missing","openat","ENOENT","source","none/copy",null]'
	reported 1 source full/dangling
	assert_equal "$(error)" \
		'["failure","refused",null,null,"source","full/dangling",null]'
	assert_equal "$(of file '.errors[0].message')" \
		"\"not writing through dangling symlink 'full/dangling'\""
	reported 1 full copy
	assert_equal "$(error)" \
		'["failure","usage",null,null,"full","copy",null]'
	reported 1 source source
	assert_equal "$(error)" \
		'["failure","refused",null,null,"source","source",null]'
	reported 1 source source -t none
	assert_equal "$(of error '[.class, .call, .errno, .dst]')" \
		'["missing","openat","ENOENT","none"]'
	assert_equal "$(of file .)" ""
}


# injected CALL ERRNO ARGUMENT...: the same with a call that fails; $when says which,
# and $only for what file, as strace has it.
injected() {
	# shellcheck disable=SC2086
	run -1 keeping strace -f -qqq -o /dev/null ${only-} -e trace="$1" \
		-e inject="$1:error=$2${when-}" \
		"$REFLINKCP" --json=report.jsonl "${@:3}"
	of file '.errors[] | [.class, .call, .errno]'
}

@test "--json: the call that fails is the one that is named" {
	on xfs
	mkfile source data:64K:1
	mkfile other data:64K:2
	setfattr -n user.a -v b source
	ln -s source link
	unsanitized "leaks are searched for by ptrace"
	assert_equal "$(injected ioctl EIO source copy)" \
		'["io","FICLONE","EIO"]'
	assert_equal "$(injected ioctl ENOSPC source copy)" \
		'["space","FICLONE","ENOSPC"]'
	assert_equal "$(injected fchmod EIO -p source copy)" \
		'["io","fchmod","EIO"]'
	assert_equal "$(injected utimensat EROFS -p source copy)" \
		'["permission","utimensat","EROFS"]'
	assert_equal "$(injected fsetxattr ENOSPC --preserve=xattr source copy)" \
		'["space","fsetxattr","ENOSPC"]'
	assert_equal "$(injected flistxattr EIO --preserve=xattr source copy)" \
		'["io","flistxattr","EIO"]'
	assert_equal "$(injected symlinkat EACCES -P link link2)" \
		'["permission","symlinkat","EACCES"]'
	assert_equal "$(injected readlinkat EIO -P link link2)" \
		'["io","readlinkat","EIO"]'
	assert_equal "$(injected linkat EMLINK -l source name)" \
		'["refused","linkat","EMLINK"]'
	assert_equal "$(injected pwrite64 ENOSPC --reflink=never source copy)" \
		'["space","pwrite","ENOSPC"]'
	assert_equal "$(only='-P source' injected pread64 EIO \
		--reflink=never source copy)" '["io","pread","EIO"]'
	: >copy
	assert_equal "$(injected rename,renameat,renameat2 EIO -b source copy)" \
		'["io","renameat","EIO"]'
}

@test "--json: ranges have records of their own" {
	on xfs
	mkfile source data:64K:1
	reported 0 --range=0:4K:0 --range=1:10:8K --range=0:5000:16K source copy
	assert_equal "$(of range '[.number, .src_offset, .length, .dst_offset,
		.result, .cloned, .copied, .holes, .why, .block_size]')" \
		'[1,0,4096,0,"cloned",4096,0,0,null,null]
[2,1,10,8192,"copied",0,10,0,"offsets",4096]
[3,0,5000,16384,"mixed",4096,904,0,"edges",4096]'
	assert_equal "$(of file '[.result, .cloned, .copied]')" \
		'["mixed",8192,914]'
	reported 1 --reflink=always --range=0:4K:0 --range=1:10:8K source copy
	assert_equal "$(of range .)" ""
	assert_equal "$(of file '.errors[] | [.class, .call]')" \
		'["refused",null]'
}

@test "--json: a range that was stopped says what is done" {
	on xfs
	mkfile source data:64K:1
	mkfile copy data:64K:2
	unsanitized "leaks are searched for by ptrace"
	when=:when=2 injected pwrite64 EIO --reflink=never --range=0:4K:0 \
		--range=4K:4K:4K source copy
	assert_equal "$(of range '[.number, .result, .copied, .done,
		.done_from_start]')" '[1,"copied",4096,null,null]
[2,"failed",0,0,true]'
	assert_equal "$(of file '[.result, .copied, .errors[].errno]')" \
		'["failed",0,"EIO"]'
}

@test "--json: threads, and directories with errors" {
	on xfs
	mktree wide tree 500
	mkdir tree/closed
	echo x >tree/closed/x
	chmod 0 tree/closed
	chmod 755 .
	mkdir -m 777 out
	: >report.jsonl
	chmod 666 report.jsonl
	keeping as_nobody "$REFLINKCP" -R -j 4 --json=report.jsonl tree out/copy || true
	assert_equal "$(of file 'select(.errors != []) | [.src, .result,
		(.errors[] | .class, .call, .errno)]')" \
		'["tree/closed","created","permission","openat","EACCES"]'
	assert_equal "$(of file .dst | sort)" \
		"$(find out/copy | sed 's/.*/"&"/' | sort)"
	assert_equal "$(of summary '[.exit_status, .failures.total]')" '[1,1]'
}

@test "--json: a warning is none of the failures" {
	on xfs
	: >source
	mkdir into
	reported 0 source source into
	assert_equal "$(of file '[.result, (.errors[] | .severity, .class)]')" \
		'["created"]
["skipped","warning","usage"]'
	assert_equal "$(of summary '[.warnings, .failures.total]')" '[1,0]'
}

@test "--json: directories of --parents, and a file that becomes immutable" {
	need_root
	on xfs
	mkdir -p a/b into
	mkfile a/b/file data:4K:1
	ln a/b/file a/b/name
	chattr +i a/b/file
	reported 0 -a --parents a/b/file a/b/name into
	assert_equal "$(of file '[.src, .dst, .kind, .result]' | sort)" \
		'["a","into/a","directory","created"]
["a","into/a","directory","skipped"]
["a/b","into/a/b","directory","created"]
["a/b","into/a/b","directory","skipped"]
["a/b/file","into/a/b/file","file","cloned"]
["a/b/name","into/a/b/name","file","linked"]'
	chattr -i a/b/file into/a/b/file
}

@test "--json: a dry run does not say that what is skipped as the report exists" {
	on xfs
	mkdir tree into
	: >tree/report
	run -0 rcp -ru --dry-run --json=tree/report tree into
	assert_line "would skip: 'into/tree/report'"
	cp tree/report report.jsonl
	assert_equal "$(of plan 'select(.action == "skip") | .existing')" null
}

@test "--json: the report is not copied, and not overwritten" {
	on xfs
	mkdir -p tree/sub into
	: >tree/sub/report.jsonl
	ln tree/sub/report.jsonl tree/name
	echo x >tree/file
	ln -s tree/sub/report.jsonl report.jsonl
	run -0 rcp -r --json=tree/sub/report.jsonl tree into
	assert_output --partial \
		"$ME: warning: not copying 'tree/name': it is the report of this run"
	assert_equal "$(of file 'select(.errors != []) | [.src, .result,
		.errors[].severity]' | sort)" '["tree/name","skipped","warning"]
["tree/sub/report.jsonl","skipped","warning"]'
	assert_equal "$(find into -type f)" into/tree/file
	# As a destination, under another name.
	rm report.jsonl
	mkdir copy
	echo other >report.jsonl
	ln report.jsonl copy/file
	run -1 rcp --json=report.jsonl tree/file copy
	assert_output "$ME: will not overwrite 'copy/file' with 'tree/file': it is the report of this run"
	assert_equal "$(of file .result)" '"failed"'
	run -1 rcp --json=report.jsonl --remove-destination tree/file copy
	[[ copy/file -ef report.jsonl ]]
	rcp --json tree/file copy >copy/file || true
	assert_equal "$(of file .result)" '"failed"'
}
