# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Trees that somebody changes while they are copied; signals; no room.
#
#	RACE_SECONDS	how long each race lasts

load helper

SECONDS_EACH=${RACE_SECONDS:-20}

# races source|destination ARGUMENT...: nothing outside is read or written.
races() {
	local side=$1

	shift
	on tmpfs
	run treerace "$side" "$SECONDS_EACH" . "$REFLINKCP" "$@"
	echo "# $side: $output" >&3
	assert_equal "$status" 0
	# It has to be a race.
	[[ $output =~ ^([0-9]+)\ runs,\ ([0-9]+)\ swaps ]]
	assert [ "${BASH_REMATCH[1]}" -ge "$SECONDS_EACH" ]
	assert [ "${BASH_REMATCH[2]}" -ge $((SECONDS_EACH * 100)) ]
}

@test "a source whose names are swapped for links: nothing leaks" {
	races source -aT -j 4
}

@test "a destination whose names are swapped for links: nothing is written outside" {
	races destination -aT -j 4
}

@test "the same with files that are replaced" {
	SECONDS_EACH=$((SECONDS_EACH / 4))
	races destination -aT --remove-destination
}

@test "a directory swapped for a link just before a hard link is made from it" {
	on tmpfs
	mkdir -p source/a source/b outside
	echo public >source/a/link
	ln source/a/link source/b/link
	echo secret >outside/link
	before=$(stat -c '%i %h %z' outside/link)
	strace -f -o trace -e trace=linkat \
		-e inject=linkat:delay_enter=1500000 \
		"$REFLINKCP" -a source copy 2>said &
	sleep 0.7
	made=$(ls -d copy/*/link)
	mv "${made%/link}" aside
	ln -s "$PWD/outside" "${made%/link}"
	wait $! || true
	assert_equal "$(stat -c '%i %h %z' outside/link)" "$before"
	run grep -r secret copy
	assert_output ""
}

@test "both with one worker" {
	SECONDS_EACH=$((SECONDS_EACH / 4))
	races source -aT -j 1
	rm -rf source outside link
	races destination -aT -j 1
}

# A tree of which one half stays as it is and the other is churned.
churned_tree() {
	mkdir -p source/churned source/still/sub
	for i in {1..50}; do
		mkfile "source/still/$i" "data:$((i * 997)):$i"
		mkfile "source/still/sub/$i" "data:$((i * 97)):$i"
		mkfile "source/churned/$i" data:200K:1
	done
	mktree plain source/zlast 100
}

# churns ARGUMENT...: copy that again and again; what is still is right.
churns() {
	churned_tree
	for round in {1..20}; do
		run timeout 20 race churn source/churned \
			"$REFLINKCP" "$@" source "copy$round"
		[[ $status -le 1 ]] || fail "status $status: $output"
		run -0 treecmp source/still "copy$round/still"
		assert_output ""
		run -0 treecmp source/zlast "copy$round/zlast"
		run find "copy$round" -type f -perm 0600
		assert_output ""
		rm -rf "copy$round"
	done
}

@test "xfs: files that vanish, appear, grow and change type" {
	on xfs
	churns -a
}

@test "ext4: files that vanish, appear, grow and change type" {
	on ext4
	churns -a
}

@test "tmpfs: a destination where files vanish, appear and change type" {
	on tmpfs
	churned_tree
	mkdir -p copy/churned
	for round in {1..20}; do
		run timeout 20 race churn copy/churned \
			"$REFLINKCP" -aT --remove-destination source copy
		[[ $status -le 1 ]] || fail "status $status: $output"
		run -0 treecmp source/still copy/still
		assert_output ""
	done
}

@test "a file that vanishes before its turn is told, and the rest is copied" {
	on xfs
	mkdir source
	mkfile source/one data:1K:1
	mkfile source/two data:1K:2
	strace -f -o trace -e inject=getdents64:delay_exit=1500000:when=1 \
		"$REFLINKCP" -a source copy 2>said &
	sleep 0.7
	rm source/two
	wait $! && fail "it did not see that"
	assert_equal "$(<said)" \
		"$ME: cannot stat 'source/two': No such file or directory"
	assert_same source/one copy/one
	assert_equal "$(ls copy)" one
}

# no_room FS: what does not fit is told and gone, all else is whole.
no_room() {
	local file

	on "$1"
	from=$(place tmpfs)
	mkdir "$from/source"
	for file in a b c d e; do
		mkfile "$from/source/$file" data:700K:1
	done
	mkdir "$from/source/sub"
	echo 1 >"$from/source/sub/small"
	rm -f "$LAB/$1/fill.4096" "$LAB/$1/fill.512" "$LAB/$1"/fill.?
	run -1 --separate-stderr rcp -a "$from/source" copy
	[[ $stderr == *"No space left on device"* ]] || fail "$stderr"
	refute [ "$(find copy -type f | wc -l)" -eq 6 ]
	while read -r file; do
		cmp "$from/source/$file" "copy/$file" || fail "$file"
	done < <(cd copy && find . -type f)
	assert_equal "$(find copy -type f -perm 600)" ""
	assert [ "$(stat -c %Y copy)" -eq "$(stat -c %Y "$from/source")" ]
}

@test "tmpfs: no room in the middle of a tree" {
	no_room full-tmpfs
}

@test "ext4: no room in the middle of a tree" {
	no_room full-ext4
}

@test "xfs: no room in the middle of a tree" {
	no_room full-xfs
}

# dies_in_tree SIGNAL NUMBER
dies_in_tree() {
	local file

	need ext4
	on ext4
	mkdir source
	for i in {1..40}; do
		mkfile "source/$i" data:20M:1
	done
	chmod 2755 source
	cd "$(place tmpfs)"
	from=$LAB/ext4/$(place_name)/source
	run interrupt -f copy -d 60 "$1" "$REFLINKCP" -a "$from" copy
	dies "$2" 1000
	assert [ "$(find copy -type f | wc -l)" -lt 40 ]
	while read -r file; do
		cmp "$from/${file##*/}" "$file" || fail "$file"
	done < <(find copy -type f)
	# Nothing that is less private than the source was.
	assert_equal "$(find copy -type d -perm /077)" ""
}

@test "SIGINT in a tree: it ends soon, without half a file" {
	dies_in_tree INT 2
}

@test "SIGTERM in a tree: it ends soon, without half a file" {
	dies_in_tree TERM 15
}

@test "SIGINT in a tree of many small files" {
	on tmpfs
	mktree many source 50000
	run interrupt -f copy -d 50 INT "$REFLINKCP" -a source copy
	dies 2 1000
	assert [ "$(find copy -type f | wc -l)" -lt 50000 ]
}

# One level is closed, taken away, and another directory gets its number: it is
# not the one that was.
@test "a directory that has the number of one that is gone is not gone on in" {
	on ext4
	deep=a/b/c/d/e/f/g/h/i/j
	mkdir -p "source/$deep" away
	mkfifo "source/$deep/fifo"
	for name in {1..9}; do
		echo "$name" >"source/a/$name"
		echo "$name" >"source/$name"
	done
	"$REFLINKCP" -R --copy-contents source copy 2>said &
	pid=$!
	exec 9>"source/$deep/fifo"
	number=$(stat -c %i copy/a)
	mv copy/a/b away
	rm -r copy/a
	for n in {1..200}; do
		victim=$PWD/victim$n
		mkdir "$victim"
		[[ $(stat -c %i "$victim") -ne $number ]] || break
	done
	assert_equal "$(stat -c %i "$victim")" "$number"
	ln -s "$victim" copy/a
	exec 9>&-
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 1
	assert_equal "$(ls -A "$victim")" ""
}
