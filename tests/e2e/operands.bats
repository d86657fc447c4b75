# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# What is copied where: operands, -t, -T, --parents, links.

load helper

@test "into a directory, with -t, with -T" {
	mkdir into
	echo 1 >a
	echo 2 >b
	run -0 rcp a b into
	run -0 rcp -t into a b
	run -0 rcp --target-directory=into a
	run -0 rcp a into/
	assert_same a into/a
	assert_same b into/b
	refused "cannot overwrite directory 'into' with non-directory 'a'" \
		-T a into
	run -0 rcp -T a c
	assert_same a c
}

@test "wrong numbers of operands" {
	run -1 rcp
	assert_line --index 0 "$ME: missing file operand"
	assert_line --index 1 --partial "--help"
	run -1 rcp a
	assert_line --index 0 "$ME: missing destination file operand after 'a'"
	echo 1 >a
	echo 2 >b
	run -1 rcp a b c
	assert_line --index 0 --partial "target 'c'"
	run -1 rcp -T a b c
	assert_line --index 0 "$ME: extra operand 'c'"
	assert_equal "$(cat b)" 2
}

@test "an option that isn't there is unknown, and nothing is done" {
	echo 1 >a
	run -1 rcp --nonsense a b
	assert_line --index 0 "$ME: unrecognized option '--nonsense'"
	assert_absent b
	run -1 rcp -% a b
	assert_line --index 0 "$ME: invalid option -- '%'"
	assert_absent b
}

@test "trailing slashes" {
	echo 1 >a
	mkdir dir
	run -1 rcp a new/
	assert_absent new
	run -1 rcp a/ new
	assert_absent new
	run -0 rcp a dir//
	assert_same a dir/a
	run -0 rcp --strip-trailing-slashes a/ dir
	assert_same a dir/a
}

@test "--parents" {
	mkdir -p one/two into
	chmod 750 one
	echo 1 >one/two/a
	run -0 rcp --parents one/two/a into
	assert_same one/two/a into/one/two/a
	assert_equal "$(stat -c %a into/one)" 750
	touch -d 2001-01-01 one
	rm -r into/one
	run -0 rcp -p --parents one/two/a into
	assert_equal "$(stat -c %Y into/one)" "$(stat -c %Y one)"
	run -1 rcp --parents one/two/a new
	assert_absent new
}

@test "-l makes hard links, -s symbolic ones" {
	on xfs
	echo 1 >a
	run -0 rcp -l a b
	assert_equal "$(inode a)" "$(inode b)"
	run -0 rcp -s a c
	assert_equal "$(readlink c)" a
	run -1 rcp -l a c
	run -0 rcp -lf a c
	assert_equal "$(inode a)" "$(inode c)"
	mkdir into
	run -1 rcp -s a into
	assert_output --partial \
		"can make relative symbolic links only in current directory"
	assert_absent into/a
	run -0 rcp -s "$PWD/a" into
	assert_equal "$(readlink into/a)" "$PWD/a"
}

@test "-l across file systems is refused" {
	need xfs ext4
	on xfs
	echo 1 >a
	run -1 rcp -l a "$(place ext4)/a"
	assert_output "$ME: cannot create hard link '$(place ext4)/a' to 'a': Invalid cross-device link"
}

@test "-P copies a link, -L and -H follow it" {
	echo 1 >a
	ln -s a link
	run -0 rcp -P link b
	assert_equal "$(readlink b)" a
	for option in -L -H; do
		run -0 rcp $option link c
		[[ ! -L c ]]
		assert_same a c
		rm c
	done
	run -0 rcp link c
	[[ ! -L c ]]
}

@test "-P -p keeps a link's times and owner" {
	on xfs
	ln -s nowhere link
	touch -h -d '2001-02-03 04:05:06.123456789' link
	run -0 rcp -P -p link copy
	assert_equal "$(stat -c %.9Y copy)" "$(stat -c %.9Y link)"
}

@test "a hundred sources" {
	on xfs
	mkdir into
	for i in {1..100}; do
		mkfile "f$i" "data:$i:$i"
	done
	run -0 rcp f* into
	for i in {1..100}; do
		cmp "f$i" "into/f$i"
	done
}

@test "some sources are missing: the others are copied, the status is 1" {
	mkdir into
	echo 1 >a
	echo 2 >b
	run -1 rcp a missing b into
	assert_output "$ME: cannot stat 'missing': No such file or directory"
	assert_same a into/a
	assert_same b into/b
}

@test "no permission for the destination's directory" {
	need_root
	on xfs
	mkfile source data:10K:1
	mkdir shut
	run -1 as_nobody "$REFLINKCP" source shut/copy
	assert_output "$ME: cannot create regular file 'shut/copy': Permission denied"
	assert_equal "$(ls -A shut)" ""
}

@test "--parents gives directories that are there what is kept of their sources" {
	need_root
	on xfs
	mkdir -p source/sub
	echo 1 >source/sub/file
	setfacl -m u:99:rx source
	chmod 2750 source/sub
	chown 1000:1001 source source/sub
	touch -d 2001-01-01 source/sub source
	for option in -p --preserve=mode --preserve=ownership \
		--preserve=timestamps --preserve=links --preserve=xattr ""; do
		rm -rf into into2
		mkdir -p into/source into2/source
		touch -d 2010-01-01 into*/source
		rcp ${option:+"$option"} --parents source/sub/file into
		cp ${option:+"$option"} --parents source/sub/file into2
		for dir in source source/sub; do
			# Set-group-ID is kept only with the group.
			assert_equal "$(attributes "into/$dir")" \
				"$(attributes "into2/$dir" | if [[ $option == *mode ]]; then
					sed 's/2750/750/'; else cat; fi)"
		done
	done
	# As cp has it: not if the whole way is there.
	mkdir -p into3/source/sub
	touch -d 2010-01-01 into3/source
	run -0 rcp -p --parents source/sub/file into3
	assert_equal "$(attributes into3/source)" "755 0 0 1262304000 "
}

# attributes DIRECTORY
attributes() {
	local now

	now=$(stat -c '%a %u %g' "$1") || return
	# What was changed now has one time or another.
	[[ $(stat -c %Y "$1") -gt 1500000000 ]] || now+=" $(stat -c %Y "$1")"
	echo "$now $(getfacl -nc "$1" | grep :99:)"
}

@test "--parents follows root's links and the user's own, and no others" {
	need_root
	on xfs
	mkdir -p source/sub/in into outside/in steps
	echo 1 >source/sub/in/file
	ln -s ../outside into/source
	# Root's lead on, also through each other.
	run -0 rcp --parents source/sub/in/file into
	assert_equal "$(<outside/sub/in/file)" 1
	rm -rf outside/sub into/source
	ln -s "$PWD/steps/one" into/source
	ln -s two/. steps/one
	ln -s ../outside/in/.. steps/two
	run -0 rcp -p --parents source/sub/in/file into
	assert_equal "$(<outside/sub/in/file)" 1
	# One of somebody else leads nowhere, wherever on the way it is.
	rm -rf outside/sub
	chown -h 1000 steps/two
	refused "not following symbolic link '$PWD/steps/two', which user 1000 owns" \
		--parents source/sub/in/file into
	chown -h 0 steps/two
	chown -h 1000 into/source
	refused "not following symbolic link 'into/source', which user 1000 owns" \
		-r --parents source/sub into
	refused "not following symbolic link 'into/source', which user 1000 owns" \
		--parents --keep-directory-symlink source/sub/in/file into
	rm into/source
	mkdir into/source
	ln -s ../../outside into/source/sub
	chown -h 65534 into/source/sub
	refused "not following symbolic link 'into/source/sub', which user 65534 owns" \
		--parents source/sub/in/file into
	assert_equal "$(ls outside)" in
	# DIRECTORY itself is what the user says.
	ln -s outside link
	chown -h 1000 link
	run -0 rcp --parents source/sub/in/file link
	assert_equal "$(<outside/source/sub/in/file)" 1
	# Loops and links to nothing.
	rm -rf into/* outside/*
	ln -s source into/source
	refused "cannot make directory 'into/source': Too many levels of symbolic links" \
		--parents source/sub/in/file into
	ln -sfn nothing into/source
	refused "cannot make directory 'into/source': File exists" \
		--parents source/sub/in/file into
	ln -sfn /etc/passwd into/source
	refused "'into/source' exists but is not a directory" \
		--parents source/sub/in/file into
}

@test "--parents writes through root's links and the user's own, and no others" {
	need_root
	on xfs
	mkdir -p source into/source outside
	echo new >source/file
	echo old >outside/file
	ln -s two outside/one
	ln -s file outside/two
	ln -s ../../outside/one into/source/file
	run -0 rcp --parents source/file into
	assert_equal "$(<outside/file)" new
	echo old >outside/file
	chown -h 1000 outside/two
	refused "not following symbolic link 'into/source/../../outside/two', which user 1000 owns" \
		--parents source/file into
	chown -h 0 outside/two
	chown -h 1000 into/source/file
	for args in "" -p -f --attributes-only --range=0:1:0; do
		# shellcheck disable=SC2086
		refused "not following symbolic link 'into/source/file', which user 1000 owns" \
			$args --parents source/file into
	done
	assert_equal "$(<outside/file)" old
	# What takes its place doesn't go through it.
	run -0 rcp --remove-destination --parents source/file into
	assert [ -f into/source/file -a ! -L into/source/file ]
	# One to nothing is what another user may change in time.
	ln -sfn ../../outside/nothing into/source/file
	POSIXLY_CORRECT=1 refused \
		"not writing through dangling symlink 'into/source/file'" \
		--parents source/file into
}

@test "--parents: a user follows his own links, and root's" {
	need_root
	on xfs
	mkdir -p source into outside
	echo 1 >source/file
	ln -s ../outside into/source
	chown -R 65534:65534 . # not the link: -R leaves what it leads to
	for owner in 0 65534; do
		chown -h $owner into/source
		run -0 as_nobody "$REFLINKCP" --parents source/file into
		assert_equal "$(<outside/file)" 1
		rm outside/file
	done
	chown -h 1000 into/source
	run -1 as_nobody "$REFLINKCP" --parents source/file into
	assert_output "$ME: not following symbolic link 'into/source', which user 1000 owns"
}

# with_users USER COMMAND...: by run, in a user namespace that has 100,000 users.
with_users() {
	local user=$1 pid

	shift
	mkfifo go number
	run unshare --user bash -c 'echo $$ >number; read -r <go; exec "$@"' bash \
		setpriv --reuid="$user" --regid="$user" --clear-groups "$@" \
		< <(
			pid=$(<number)
			echo 0 0 100000 | tee "/proc/$pid/uid_map" \
				>"/proc/$pid/gid_map"
			echo >go
		)
	rm go number
}

@test "--parents in a user namespace: who is not known there counts as root" {
	need_root
	on xfs
	mkdir -p source into outside
	echo 1 >source/file
	ln -s ../outside into/source
	chown -R 1000:1000 .
	# Root of the system and 65534 are nobody there; of those that are known
	# two are others.
	for owner in 0 65534 1000; do
		chown -h $owner into/source
		run -0 setpriv --reuid=1000 --regid=1000 --clear-groups \
			unshare --user --map-root-user \
			"$REFLINKCP" --parents source/file into
		assert_equal "$(<outside/file)" 1
		rm outside/file
	done
	chmod 777 outside
	for owner in 2000 65534; do
		chown -h $owner into/source
		with_users 1000 "$REFLINKCP" --parents source/file into
		assert_equal "$status:$output" "1:$ME: not following symbolic link\
 'into/source', which user $owner owns"
	done
}

@test "--parents: a source named twice, beside one of the same name" {
	on xfs
	mkdir a b into
	echo x >a/x
	ln a/x b/x
	run -0 rcp --parents a/x b/x b/x into
	assert_output "$ME: warning: source file 'b/x' specified more than once"
	assert [ -f into/a/x ]
	assert [ -f into/b/x ]
}
