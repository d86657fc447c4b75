#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# The completions are loaded into each shell and asked what may come next.
# bats file_tags=completions

load helper

setup_file() {
	dir=${REFLINKCP_COMPLETIONS:-$BATS_TEST_DIRNAME/../../completions}
	dir=$(cd "$dir" && pwd)
	export dir
}

setup() {
	mkdir "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/home"
	cd "$BATS_TEST_TMPDIR/here" || return
	export HOME=$BATS_TEST_TMPDIR/home XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/home
	export LC_ALL=C.UTF-8 TERM=dumb
	mkdir target
	touch 'taken file' tale
}

teardown() {
	cd /
}

need_shell() {
	command -v "$1" >/dev/null || lacks "$1 is not installed"
}

# ask_bash WORD...: what bash offers for the last word; words as bash splits
# them, so that "=" is one
ask_bash() {
	# shellcheck disable=SC2016
	bash --norc --noprofile -c '
		source "$0"/reflinkcp.bash || exit
		function=$(complete -p reflinkcp) || exit
		function=${function#*-F } function=${function%% *}
		COMP_WORDS=(reflinkcp "$@") COMP_CWORD=$#
		"$function"
		printf "%s\n" "${COMPREPLY[@]}" | sort
	' "$dir" "$@"
}

# ask_fish LINE: what fish offers at the end of the line
ask_fish() {
	# shellcheck disable=SC2016
	fish --no-config -c '
		source $argv[1]/reflinkcp.fish; or exit
		complete -C "reflinkcp $argv[2]" | string replace -r "\t.*" "" | sort
	' "$dir" "$1"
}

# ask_zsh LINE: what zsh offers at the end of the line, in a terminal of its own
ask_zsh() {
	local -x line="reflinkcp $1" answer=$BATS_TEST_TMPDIR/answer
	local -x ZDOTDIR=$BATS_TEST_TMPDIR/home

	rm -f "$answer" "$answer.done"
	cat >"$ZDOTDIR/.zshrc" <<-'EOF'
		COLUMNS=200 LINES=50
		fpath=($dir $fpath)
		autoload -U compinit && compinit -D -u
		# Note what is offered before it is.
		compadd() {
			local -a hits
			if [[ $* != *' -'[ADO]' '* ]] {
				builtin compadd -A hits "$@"
				print -rl -- $hits >>$answer
			}
			builtin compadd "$@"
		}
		zle-line-init() {
			BUFFER=$line CURSOR=$#line
			zle complete-word
			print >$answer.done
		}
		zle -N zle-line-init
	EOF
	zsh -f <<-'EOF'
		zmodload zsh/zpty zsh/zselect
		zpty -b inner zsh -d -i
		for (( i = 0; i < 1500; i++ )) {
			[[ -e $answer.done ]] && break
			zpty -r -t inner text # or it would block
			zselect -t 2
		}
		zpty -d inner
		[[ -e $answer.done ]] || print -u2 "zsh doesn't answer"
	EOF
	grep . "$answer" | sort -u
}

# The texts between brackets of zsh and quotes of fish.
descriptions() {
	sed -nE "s/^\t'[^[]*\[(([^]\\]|\\\\.)*)\].*/\1/p" "$dir/_reflinkcp"
	sed -nE "s/.* -d '(([^'\\]|\\\\.)*)'\$/\1/p" "$dir/reflinkcp.fish"
}

@test "descriptions are not cut in the middle" {
	run descriptions
	assert [ "${#lines[@]}" -ge 60 ]
	assert_line --partial 'in parallel (default: one per available'
	assert_line --partial 'in parallel (default\: one per available'
	for line in "${lines[@]}"; do
		opened=${line//[^(]/} closed=${line//[^)]/}
		[[ ${#opened} -eq ${#closed} ]] || fail "cut: $line"
	done
}

@test "bash: option names" {
	need_shell bash
	run ask_bash --ref
	assert_output $'--reflink\n--reflink='
	run ask_bash -v --sp
	assert_output --sparse=
	run ask_bash --no-
	assert_output $'--no-clobber\n--no-create\n--no-dereference\n--no-preserve=\n--no-target-directory'
}

@test "bash: every option of --help" {
	need_shell bash
	run ask_bash -
	for name in $("$REFLINKCP" --help | grep -o -- ' --[a-z-]*' | sort -u); do
		assert_output --partial -- "$name"
	done
}

@test "bash: words of an argument" {
	need_shell bash
	run ask_bash --reflink = a
	assert_output $'always\nauto'
	run ask_bash --sparse =
	assert_output $'always\nauto\nnever'
	run ask_bash --sparse n
	assert_output never
	run ask_bash --backup = nu
	assert_output numbered
}

@test "bash: a list with commas" {
	need_shell bash
	run ask_bash --preserve = mode,ti
	assert_output mode,timestamps
	run ask_bash --no-preserve x
	assert_output xattr
}

@test "bash: directories after -t, files elsewhere" {
	need_shell bash
	run ask_bash -t ta
	assert_output target
	run ask_bash -vft ta
	assert_output target
	run ask_bash --target-directory = ta
	assert_output target
	run ask_bash tale ta
	assert_output $'taken file\ntale\ntarget'
	touch ./--reflinked
	run ask_bash -- --refl
	assert_output -- --reflinked
}

@test "bash: a list of ranges is a file, a range is not" {
	need_shell bash
	run ask_bash --ranges-from = tal
	assert_output -- tale
	run ask_bash --range = 1
	assert_output ''
}

# As the README has it; fish finds what is in /usr/local by XDG_DATA_DIRS alone.
@test "fish finds the completions through a link in its configuration" {
	need_shell fish
	mkdir -p "$HOME/.config/fish/completions"
	ask() {
		# shellcheck disable=SC2016
		PATH=$(dirname "$REFLINKCP"):$PATH env -u XDG_DATA_DIRS \
			XDG_CONFIG_HOME="$HOME/.config" fish -c '
			complete -C "reflinkcp --attr" |
				string replace -r "\t.*" ""'
	}
	run ask
	refute_output --partial --attributes-only
	ln -s "$dir/reflinkcp.fish" "$HOME/.config/fish/completions/"
	run ask
	assert_output --attributes-only
}

@test "fish: option names" {
	need_shell fish
	run ask_fish --ref
	assert_line --regexp '^--reflink=?$'
	run ask_fish --no-
	assert_line --index 0 -- --no-clobber
	assert_line --index 1 -- --no-create
	assert_line --index 2 -- --no-dereference
	assert_line --index 3 --regexp '^--no-preserve=?$'
	assert_line --index 4 -- --no-target-directory
}

@test "fish: words of an argument" {
	need_shell fish
	run ask_fish --reflink=a
	assert_output $'--reflink=always\n--reflink=auto'
	run ask_fish '--sparse '
	assert_output $'always\nauto\nnever'
	run ask_fish --backup=nu
	assert_output --backup=numbered
}

@test "fish: a list with commas" {
	need_shell fish
	run ask_fish --preserve=mode,ti
	assert_output --preserve=mode,timestamps
	run ask_fish '--no-preserve x'
	assert_output xattr
}

@test "fish: directories after -t, files elsewhere" {
	need_shell fish
	run ask_fish '-t ta'
	assert_output target/
	run ask_fish --target-directory=ta
	assert_output --target-directory=target/
	run ask_fish 'tale ta'
	assert_output $'taken file\ntale\ntarget/'
}

@test "fish: a list of ranges is a file, a range is not" {
	need_shell fish
	run ask_fish --ranges-from=tal
	assert_output -- --ranges-from=tale
	run ask_fish --range=
	assert_output ''
}

@test "zsh: option names" {
	need_shell zsh
	run ask_zsh --ref
	assert_output --reflink
	run ask_zsh --no-
	assert_output $'--no-clobber\n--no-create\n--no-dereference\n--no-preserve\n--no-target-directory'
}

@test "zsh: words of an argument" {
	need_shell zsh
	run ask_zsh --reflink=a
	assert_output $'always\nauto'
	run ask_zsh '--sparse '
	assert_output $'always\nauto\nnever'
	run ask_zsh --backup=nu
	assert_output numbered
}

@test "zsh: a list with commas" {
	need_shell zsh
	run ask_zsh --preserve=mode,ti
	assert_output timestamps
	run ask_zsh '--no-preserve x'
	assert_output xattr
}

@test "zsh: directories after -t, files elsewhere" {
	need_shell zsh
	run ask_zsh '-t ta'
	assert_output target
	run ask_zsh --target-directory=ta
	assert_output target
	run ask_zsh 'tale ta'
	assert_output $'taken\\ file\ntale\ntarget'
}

@test "zsh: a list of ranges is a file, a range is not" {
	need_shell zsh
	run ask_zsh --ranges-from=tal
	assert_output -- tale
	run ask_zsh '--range=1:2:3 --range'
	assert_output $'--range\n--ranges-from'
}
