# SPDX-License-Identifier: BSD-2-Clause
# The examples of the manual do what it says, as they are pasted.

load helper

# Their text, a file for each: examples/01 and so on.
extract_examples() {
	mkdir examples
	awk '
	/^\.Sh / { inside = $2 == "EXAMPLES" }
	/^\.Ed/ { file = "" }
	file { gsub(/\\e/, "\\"); gsub(/\\\(aq/, "'\''"); print >file }
	inside && /^\.Bd -literal/ { file = sprintf("examples/%02d", ++n) }' \
		"$BATS_TEST_DIRNAME/../../man/reflinkcp.1"
	sed -i "s,/srv\>,$srv,g; s,/backup\>,$backup,g" examples/*
}

# What they are about.
make_sources() {
	local i

	mkfile vm.img data:3M:1
	mkfile disk.raw zero:1M data:64K:2 zero:8M
	mkfile big hole:510M data:4M:9 hole:186M
	mkfile x.bin data:2M:3
	mkfile log data:3M:4
	mkfile db data:2M:5
	truncate -s 400M archive
	mkfile app.db data:1000:6
	mkdir -p "$srv"/{www/sub,data,app/.git,app/s/.git,daily} "$backup"
	mkfile "$srv/www/sub/f" data:8K:7
	ln -s sub/f "$srv/www/link"
	cp -a "$srv/www" "$srv/www.before"
	mkfile "$srv/data/f" data:8K:8
	touch "$srv/app/.git/x" "$srv/app/s/.git/x" "$srv/app/s/a b"
	cp app.db "$srv"
	for i in {10..29}; do
		mkdir "$srv/daily/2025-01-$i"
	done
}

# run_example FILE: as what it is, a rule, a line for cron or shell commands.
run_example() {
	case $(<"$1") in
	build/*)
		mkdir -p m/data
		cp x.bin m/data
		cp "$1" m/Makefile
		make -s -C m build/x.bin
		;;
	"5 3 "*) bash -c "$(cut -d ' ' -f 6- "$1")" ;;
	*)
		if grep -q 4G: "$1"; then
			truncate -s 5G vm.img vm-before-upgrade.img
			mkfile -o 4G vm.img data:64K:10
		fi
		bash "$1"
		;;
	esac
}

@test "the examples of the manual" {
	need_root
	need xfs ext4
	srv=$(place ext4)/srv
	backup=$(place ext4)/backup
	on xfs
	mkdir bin
	ln -s "$REFLINKCP" bin/reflinkcp
	export HOME=$PWD PATH=$PWD/bin:$PATH
	make_sources
	extract_examples
	for example in examples/*; do
		# The output of the one before?
		if [[ $(<"$example") == "'"* ]]; then
			assert_output "$(<"$example")"
			continue
		fi
		run -0 run_example "$example"
	done
	assert [ -e examples/22 ]

	run -0 cmp -i 4G -n 64M vm.img vm-before-upgrade.img
	assert_same disk.raw archive.raw
	assert_same big joined
	assert_same x.bin m/build/x.bin
	assert_equal "$(stat -c %s log sample member | xargs)" \
		"$((3 * 1048576 + 65536)) 131072 $((300 * 1048576))"
	run -0 find "$backup/app" -type f
	assert_output "$backup/app/s/a b"
	assert_equal "$(find "$srv/daily" -mindepth 1 -maxdepth 1 -type d | wc -l)" 14
	assert [ -e "$srv/daily/$(date +%F)/s" ]
	assert_same app.db "$srv/daily/app.db"
	assert_same "$srv/www/sub/f" "$backup/www/sub/f"
	run -0 bin/cp --version
	assert_line --index 0 --regexp '^cp \(reflinkcp\)'
}
