# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2154,SC2164
# A long option does what its letter does.

load helper

make_world() {
	rm -rf world
	mkdir world
	cd world
	echo a >a
	echo b >b
	ln -s a link
	mkdir d
	chmod 444 b
}

# alike LETTER LONG OPERAND...: both leave the same, and say the same.
alike() {
	local letter=$1 long=$2 first

	shift 2
	make_world
	run rcp "$letter" "$@" <<<y
	first="$status $output $(meta -c -- * | without_times)"
	cd ..
	make_world
	run rcp "$long" "$@" <<<y
	assert_equal "$status $output $(meta -c -- * | without_times)" "$first"
	cd ..
}

without_times() {
	sed 's/ [amc]time=[0-9.]*//g'
}

@test "long and short options do the same" {
	alike -f --force a b
	alike -i --interactive a b
	alike -n --no-clobber a b
	alike -u --update a b
	alike -T --no-target-directory a d
	alike -L --dereference link new
	alike -P --no-dereference link new
	alike -l --link a new
	alike -s --symbolic-link a new
	alike -v --verbose a new
	alike -p --preserve a new
	alike -b --backup a b
	alike -R --recursive d new
	alike -r --recursive d new
	alike -a --archive link new
	alike -x --one-file-system a new
}

@test "long options that have an effect have it" {
	make_world
	run -0 rcp --verbose --link a new
	assert_output "'a' -> 'new'"
	assert_equal "$(inode a)" "$(inode new)"
	run -0 rcp --no-dereference link new2
	assert_equal "$(readlink new2)" a
	run -0 rcp --dereference link new3
	assert [ ! -L new3 ]
	run -0 rcp --symbolic-link a new4
	assert_equal "$(readlink new4)" a
	refused "cannot overwrite directory 'd' with non-directory 'a'" \
		--no-target-directory a d
	run -1 rcp --interactive a b <<<n
	assert_equal "$(cat b)" b
	run -0 rcp --interactive a b <<<y
	assert_equal "$(cat b)" a
}
