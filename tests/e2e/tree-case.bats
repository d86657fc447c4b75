# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2030,SC2031,SC2154,SC2164
# Names that differ, and are one in the destination: it ignores case.

load helper

# A source where case matters, a destination "odd" where it doesn't.
setup_case() {
	on xfs
	mkdir -p source/Foo source/foo
	echo first >source/Foo/x
	echo second >source/foo/x
	echo 1 >source/Bar
	echo 22 >source/bar
	echo 1 >source/plain
	oddfs real odd nocase
}

# refuses_second ARGUMENT...: one of Foo and foo, and of Bar and bar, is there;
# the others are refused.
refuses_second() {
	local name

	run -1 --separate-stderr rcp "$@"
	assert_equal "$output" ""
	assert_equal "${#stderr_lines[@]}" 2
	for name in foo bar; do
		grep -qixF "$ME: will not overwrite just-created 'odd/copy/$name'\
 with 'source/$name'" <<<"$stderr" || fail "$stderr"
	done
	for name in x plain; do
		assert_equal "$(find real/copy -name $name | wc -l)" 1
	done
	# What is there is one of them whole: the other has not touched it.
	assert_same "$(find real/copy -iname foo)/x" \
		"source/$(cd real/copy && ls -d [Ff]oo)/x"
	assert_same "$(find real/copy -iname bar)" \
		"source/$(cd real/copy && ls -d [Bb]ar)"
}

@test "a new directory: the first of two directories and of two files stays" {
	setup_case
	for jobs in 1 4; do
		refuses_second -R -j $jobs source odd/copy
		rm -r real/copy
		refuses_second -a -j $jobs source odd/copy
		rm -r real/copy
		refuses_second -R --keep-directory-symlink source odd/copy
		rm -r real/copy
	done
}

@test "a directory that was there: the first stays as well" {
	setup_case
	for jobs in 1 4; do
		for option in -RT -aT "-RT --remove-destination" "-aT -u"; do
			mkdir real/copy
			# shellcheck disable=SC2086
			refuses_second $option -j $jobs source odd/copy
			# And the second time, over what is there.
			# shellcheck disable=SC2086
			refuses_second $option -j $jobs source odd/copy
			rm -r real/copy
		done
	done
	# Where case matters they are two.
	mkdir copy
	run -0 rcp -RT source copy
	run -0 rcp -aT source copy
	run -0 diff -r source copy
	# So are two names of one file.
	echo old >copy/bar
	ln -f copy/bar copy/Bar
	run -0 rcp -RT source copy
}

@test "a link and a directory: nothing is written where the link leads" {
	setup_case
	rm -r source/*
	ln -s "$PWD/outside" source/Foo
	mkdir source/foo outside real/copy
	echo 1 >source/foo/planted
	for option in "-R source" "-RT source"; do
		# shellcheck disable=SC2086
		run rcp $option --keep-directory-symlink odd/copy
		assert_equal "$(ls outside)" ""
	done
}

@test "a file and a directory" {
	setup_case
	rm -r source/*
	echo 1 >source/Foo
	mkdir source/foo
	echo 1 >source/foo/x
	run -1 rcp -R source odd/copy
	assert_equal "${#lines[@]}" 1
	assert_line --partial "will not overwrite just-created"
}

@test "twins that are read in different batches" {
	on xfs
	mkdir source
	echo first >source/foo
	mktree long source 4400
	echo second >source/Foo
	oddfs real odd nocase
	mkdir real/old
	run -1 rcp -RT -j 4 source odd/old
	assert_equal "${#lines[@]}" 1
	assert_output --partial "will not overwrite just-created"
	assert_equal "$(find real/old -type f | wc -l)" 4401
}

@test "operands" {
	setup_case
	mkdir real/copy
	refused "will not overwrite just-created 'odd/copy/bar' with 'source/bar'" \
		source/Bar source/bar odd/copy
	assert_same real/copy/Bar source/Bar
	# One that was there is overwritten once.
	refused "will not overwrite just-created 'odd/copy/bar' with 'source/bar'" \
		source/Bar source/bar odd/copy
	run -0 rcp source/bar odd/copy
	assert_same real/copy/Bar source/bar
	refused "will not overwrite just-created 'odd/copy/foo' with 'source/foo'" \
		-R source/Foo source/foo odd/copy
	run -0 diff -r source/Foo real/copy/Foo
	# One name from two places is one directory, as cp has it.
	mkdir -p other/Foo
	echo other >other/Foo/other
	run -0 rcp -R source/Foo other/Foo odd/copy
	assert_equal "$(cat real/copy/Foo/*)" $'other\nfirst'
}
