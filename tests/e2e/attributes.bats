# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Mode, owner, times, extended attributes, ACLs, capabilities.

load helper

# one FIELD...: stat's idea of FILE.
one() {
	stat -c "$1" "$2"
}

@test "without -p: the source's mode less the umask, times of now" {
	on xfs
	mkfile source data:10K:1
	chmod 666 source
	touch -d 2001-01-01 source
	(umask 027 && rcp source copy)
	assert_equal "$(one %a copy)" 640
	assert [ "$(one %Y copy)" -gt 1000000000 ]
}

@test "-p keeps mode, owner and times, to the nanosecond" {
	need_root
	for fs in xfs btrfs ext4 tmpfs overlay; do
		on "$fs"
		mkfile source data:100001:1
		chown 1000:1001 source
		chmod 2751 source
		touch -m -d '2001-02-03 04:05:06.123456789' source
		touch -a -d '2010-02-03 04:05:06.987654321' source
		wanted=$(meta -n source)
		run -0 rcp -p source copy
		assert_equal "$(meta -n copy)" "$wanted"
		mkfile old data:10:2
		chmod 777 old
		touch -a -d '2010-02-03 04:05:06.987654321' source
		run -0 rcp -p source old
		assert_equal "$(meta -n old)" "$wanted"
	done
}

@test "-p over a byte copy between file systems keeps the same" {
	need_root
	need xfs ext4
	on ext4
	from=$(place xfs)/source
	mkfile "$from" data:100001:1
	chown 1000:1001 "$from"
	chmod 4751 "$from"
	touch -m -d '2001-02-03 04:05:06.123456789' "$from"
	touch -a -d '2010-02-03 04:05:06.987654321' "$from"
	wanted=$(meta -n "$from")
	run -0 rcp -p "$from" copy
	assert_equal "$(meta -n copy)" "$wanted"
	touch -a -d '2010-02-03 04:05:06.987654321' "$from"
	run -0 rcp -p --reflink=never "$from" copy2
	assert_equal "$(meta -n copy2)" "$wanted"
}

@test "times before 1970 and far ahead" {
	on xfs
	mkfile source data:10:1
	for when in '1960-01-01 00:00:00.5' '2100-01-01 00:00:00.000000001'; do
		touch -d "$when" source
		run -0 rcp -p source copy
		assert_equal "$(one %.9Y copy)" "$(one %.9Y source)"
	done
}

@test "extended attributes: only with --preserve=xattr or all, and then all of them" {
	need_root
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mkfile source data:10K:1
		setfattr -n user.one -v 1 source
		setfattr -n user.empty source
		setfattr -n user.large -v "$(printf 'v%.0s' {1..1000})" source
		setfattr -n trusted.two -v 2 source
		run -0 rcp source copy
		assert_equal "$(getfattr -m - copy 2>/dev/null)" ""
		run -0 rcp -p source copy
		assert_equal "$(getfattr -m - copy 2>/dev/null)" ""
		run -0 rcp --preserve=xattr source copy
		assert_equal "$(getfattr -d -m - -e hex copy | tail -n +2)" \
			"$(getfattr -d -m - -e hex source | tail -n +2)"
		run -0 rcp --preserve=all source copy2
		assert_equal "$(getfattr -d -m - -e hex copy2 | tail -n +2)" \
			"$(getfattr -d -m - -e hex source | tail -n +2)"
	done
}

@test "ACLs are kept with -p; one that was inherited is lost if the source has none" {
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mkfile source data:10K:1
		setfacl -m u:1234:rw,g:77:r source
		run -0 rcp -p source copy
		assert_equal "$(getfacl -n -c copy)" "$(getfacl -n -c source)"
		mkdir into
		setfacl -d -m u:4321:rwx into
		mkfile plain data:10K:1
		run -0 rcp -p plain into
		assert_equal "$(getfacl -n -c into/plain)" \
			"$(getfacl -n -c plain)"
		run -0 rcp -p source into
		assert_equal "$(getfacl -n -c into/source)" \
			"$(getfacl -n -c source)"
	done
}

@test "a file system that has no ACLs: a plain mode is no failure, an ACL is" {
	need_root
	on xfs
	mkdir ramfs
	mount -t ramfs ramfs ramfs || skip "no ramfs"
	mkfile source data:10K:1
	chmod 751 source
	run rcp -p source ramfs/copy
	how=$status
	mode=$(one %a ramfs/copy)
	setfacl -m u:1234:rw source
	run rcp -p source ramfs/copy2
	how2=$status said=$output
	umount ramfs
	assert_equal "$how $mode" "0 751"
	assert_equal "$how2" 1
	[[ $said == *"Operation not supported"* ]] || fail "$said"
}

@test "capabilities: lost without, kept with --preserve=xattr" {
	need_root
	on xfs
	mkfile source data:10K:1
	cap=0x0100000200040000000000000000000000000000
	setfattr -n security.capability -v $cap source
	run -0 rcp source copy
	assert_equal "$(getfattr -m - copy)" ""
	run -0 rcp --preserve=mode,ownership,xattr source copy
	assert_equal "$(getfattr -n security.capability -e hex copy |
		grep -c $cap)" 1
	run -0 rcp --preserve=all source copy2
	assert_equal "$(getfattr -n security.capability -e hex copy2 |
		grep -c $cap)" 1
	mkfile plain data:10K:2
	run -0 rcp plain copy
	assert_equal "$(getfattr -m - copy)" ""
}

@test "set-id bits: only with the mode and only with the owner" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:10K:1
	chown 1000:1001 source
	chmod 6755 source
	run -0 rcp source copy
	assert_equal "$(one %a copy)" 755
	run -0 rcp -p source copy2
	assert_equal "$(one '%a %u %g' copy2)" "6755 1000 1001"
	as_nobody "$REFLINKCP" -p source copy3
	assert_equal "$(one '%a %u' copy3)" "755 65534"
	run -0 rcp --preserve=mode source copy4
	assert_equal "$(one '%a %u' copy4)" "755 0"
	run -0 rcp -p --no-preserve=ownership source copy5
	assert_equal "$(one '%a %u' copy5)" "755 0"
}

@test "a new file is private until it is whole" {
	need ext4 tmpfs
	on ext4
	mkfile source data:600M:1
	chmod 644 source
	to=$(place tmpfs)
	echo old >"$to/copy"
	rcp -p --remove-destination source "$to/copy" &
	pid=$!
	made=
	while [[ ! -s $made ]] && kill -0 $pid 2>/dev/null; do
		sleep 0.005
		made=$(echo "$to"/.reflinkcp.*)
	done
	seen=$(one '%a %s' "$made")
	wait $pid
	[[ ${seen#* } -lt 629145600 ]] || skip "it was too fast to be seen"
	assert_equal "${seen% *}" 600
	assert_equal "$(one %a "$to/copy")" 644
}

@test "--attributes-only copies no data and keeps that of the destination" {
	on xfs
	mkfile source data:10K:1
	chmod 751 source
	touch -d '2001-02-03 04:05:06.123456789' source
	run -0 rcp --attributes-only -p source new
	assert_equal "$(one '%s %a %.9Y' new)" \
		"0 751 $(one %.9Y source)"
	mkfile old data:20K:2
	mkfile model data:20K:2
	run -0 rcp --attributes-only -p source old
	assert_same old model
	assert_equal "$(one '%a %.9Y' old)" "751 $(one %.9Y source)"
}

# On each file system: what is kept beside may not decide about data.
@test "--attributes-only keeps the data of a file that has several names" {
	local fs option

	for fs in xfs btrfs ext4 tmpfs overlay; do
		on "$fs"
		for option in -a -d --preserve=links --preserve=all -af; do
			echo data >old
			ln -f old other
			echo new >source
			chmod 640 source
			run -0 rcp "$option" --attributes-only source old
			assert_equal "$(cat old)" data
			assert_equal "$(inode old)" "$(inode other)"
		done
		assert_equal "$(one %a old)" 640
	done
}

@test "-a --attributes-only on a tree of hard links keeps all data" {
	local fs update

	for fs in xfs btrfs ext4 tmpfs overlay; do
		for update in all older; do
			on "$fs"
			rm -rf saved live
			mkdir saved live
			touch saved/x
			ln saved/x saved/y
			ln saved/x saved/z
			chmod 604 saved/x
			touch -d 2001-01-01 saved/x
			echo 1 >live/x
			echo 2 >live/y
			echo 3 >live/w
			ln live/w live/z
			run -0 rcp -a --attributes-only --update=$update \
				saved/. live/
			assert_equal "$(cat live/x live/y live/z live/w)" \
				$'1\n2\n3\n3'
			[[ $update == older ]] ||
				assert_equal "$(one %a live/y)" 604
		done
	done
}

# With -f another file would take the place of one that can't be opened.
@test "-f --attributes-only keeps the data of what can't be written" {
	need_root
	on xfs
	chmod 777 .
	touch source
	chmod 400 source
	chown 65534 source
	echo data >old
	chmod 444 old
	chown 65534 old
	run -0 as_nobody "$REFLINKCP" -p -f --attributes-only source old
	assert_equal "$(cat old)" data
	assert_equal "$(one %a old)" 400
	cp /bin/sleep busy
	./busy 5 &
	run -0 rcp -p -f --attributes-only source busy
	kill $!
	assert_same busy /bin/sleep
	assert_equal "$(one %a busy)" 400
}

@test "attributes that can't be kept are told" {
	need_root
	on xfs
	mkfile source data:10K:1
	setfattr -n user.x -v 1 source
	setfattr -n user.y -v 1 source
	mkdir ramfs
	mount -t ramfs ramfs ramfs || skip "no ramfs"
	run rcp --preserve=xattr source ramfs/copy
	how=$status said=$output
	umount ramfs
	assert_equal "$how" 1
	# As cp: once for all of them.
	assert_equal "$said" "$ME: setting attributes for 'ramfs/copy': Operation not supported"
}

@test "the access time of the source is not the time of the copy" {
	on ext4
	mkfile source data:100K:1
	touch -a -d '2010-02-03 04:05:06.987654321' source
	run -0 rcp -p --reflink=never source copy
	assert_equal "$(one %.9X copy)" 1265169906.987654321
}

@test "as an ordinary user: the owner is not kept, and that is no failure" {
	need_root
	on xfs
	chmod 777 .
	mkfile source data:10K:1
	run -0 as_nobody "$REFLINKCP" -p source copy
	assert_output ""
	assert_equal "$(one %u copy)" 65534
}

@test "--no-preserve" {
	on xfs
	mkfile source data:10K:1
	chmod 4711 source
	touch -d 2001-01-01 source
	run -0 rcp -p --no-preserve=mode source copy
	assert_equal "$(one '%a %Y' copy)" "644 $(one %Y source)"
	run -0 rcp -p --no-preserve=timestamps source copy2
	assert_equal "$(one %a copy2)" 4711
	assert [ "$(one %Y copy2)" -gt 1000000000 ]
}

@test "--context and -Z without SELinux: nothing is done, and a CTX is told" {
	[[ ! -e /sys/fs/selinux/enforce ]] || skip "SELinux is on"
	on xfs
	mkfile source data:10K:1
	for option in -Z --context "-a -Z" "--context --preserve=all"; do
		# shellcheck disable=SC2086
		run -0 rcp $option source copy
		assert_output ""
		assert_same copy source
	done
	run -0 rcp --context=any_u:any_r:any_t source copy2
	assert_output "reflinkcp: warning: ignoring --context; it requires an \
SELinux-enabled kernel"
	assert_same copy2 source
}

@test "extended attributes of symbolic links" {
	need_root
	for fs in xfs btrfs ext4 tmpfs; do
		on "$fs"
		mkdir source
		ln -s nowhere source/link
		ln -s nowhere source/plain
		setfattr -h -n trusted.x -v 1 source/link
		for options in -a "-R --preserve=xattr"; do
			# shellcheck disable=SC2086
			run -0 rcp $options source new
			assert_output ""
			run -0 getfattr -h --only-values -n trusted.x new/link
			assert_output 1
			rm -r new
		done
		run -0 rcp -R --preserve=ownership,timestamps source new
		assert_equal "$(getfattr -h -m - new/link)" ""
	done
}

# failing CALL ERRNO ARGUMENT...: the program, of which CALL always fails.
failing() {
	local call=$1 error=$2

	shift 2
	strace -o trace true 2>/dev/null || lacks "strace can't trace here"
	strace -f -o trace -e trace="$call" -e inject="$call:error=$error" \
		"$REFLINKCP" "$@"
}

@test "an ACL or attribute that is listed and then not there is none" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkfile source data:10K:1
	chmod 640 source
	setfacl -m u:1234:rw,g:77:r source
	setfattr -n user.x -v 1 source
	for error in ENODATA EOPNOTSUPP; do
		run -0 failing fgetxattr $error -a source copy
		assert_output ""
		assert_equal "$(getfattr -m - copy)" ""
		# The mask: without the ACL, for the owning group.
		assert_equal "$(one %a copy)" "$(one %a source)"
		run -0 failing fgetxattr $error -p source copy2
		assert_output ""
	done
	run -0 failing fgetxattr ENODATA --preserve=xattr source copy3
	assert_output ""
	# An ACL that the copy inherited goes all the same.
	mkdir into
	setfacl -d -m u:4321:rwx into
	run -0 failing fgetxattr ENODATA -p source into
	assert_equal "$(getfacl -n -c into/source | grep -c :4321:)" 0
}

@test "an attribute of the source that can't be read is told as that" {
	unsanitized "leaks can't be looked for under strace"
	on xfs
	mkfile source data:10K:1
	setfattr -n user.x -v 1 source
	run -1 failing fgetxattr EIO -a source copy
	assert_output "reflinkcp: getting attribute 'user.x' of 'source': \
Input/output error"
	assert_same source copy
	run -1 failing fgetxattr EOPNOTSUPP --preserve=xattr source copy
	assert_output "reflinkcp: getting attribute 'user.x' of 'source': \
Operation not supported"
	setfattr -x user.x source
	chmod 664 source
	setfacl -m u:1234:rw source
	run -1 failing fgetxattr EIO -p source copy2
	assert_output "reflinkcp: getting attribute \
'system.posix_acl_access' of 'source': Input/output error"
	# Of an ACL that is not known nobody gets the mask.
	assert_equal "$(one %a copy2)" 604
}

@test "an attribute too large for the destination: told with -a, a failure by name" {
	unsanitized "leaks can't be looked for under strace"
	need xfs ext4
	on ext4
	from=$(place xfs)/source
	mkfile "$from" data:10K:1
	setfattr -n user.large -v "$(printf 'v%.0s' {1..20000})" "$from"
	setfattr -n user.small -v 1 "$from"
	run -0 rcp -a "$from" copy
	assert_output "reflinkcp: warning: setting attribute 'user.large' for \
'copy': No space left on device"
	assert_equal "$(getfattr --only-values -n user.small copy)" 1
	run -1 rcp -a --preserve=xattr "$from" copy
	assert_output "reflinkcp: setting attribute 'user.large' for 'copy': \
No space left on device"
	for error in E2BIG ERANGE; do
		run -0 failing fsetxattr $error --preserve=all "$from" copy
		run -1 failing fsetxattr $error --preserve=xattr "$from" copy
	done
	run -1 failing fsetxattr EIO --preserve=all "$from" copy
	run -1 failing fgetxattr EPERM -a "$from" copy
	# A small one has room everywhere: it is the disk that is full.
	setfattr -x user.large "$from"
	run -1 failing fsetxattr ENOSPC -a "$from" copy
}

@test "overlay: the copy of an upper layer hides what the layer hid" {
	need_root
	on xfs
	mkdir -p lower/{dir,from} upper work on
	echo 1 >lower/gone
	echo 2 >lower/dir/old
	echo 3 >lower/from/moved
	chmod 640 lower/from/moved
	layer() {
		mount -t overlay -o \
			"lowerdir=lower,upperdir=$1,workdir=work,redirect_dir=on" \
			overlay on
	}
	layer upper || lacks "no overlay"
	rm on/gone
	rm -r on/dir
	mkdir on/dir
	mv on/from on/to
	find on | sort >want
	umount on
	for options in -a "-r --preserve=xattr" "-r --preserve=all"; do
		rm -rf copy work
		mkdir work
		# shellcheck disable=SC2086
		run -0 rcp $options upper copy
		assert_output ""
		assert_equal "$(cd copy && getfattr -R -d -m - . | sort)" \
			"$(cd upper && getfattr -R -d -m - . | sort)"
		layer copy
		find on | sort >got
		umount on
		run -0 diff want got
	done
}

# nfs4_acl WHO...: an ACL of NFSv4 that allows each of them to read.
nfs4_acl() {
	local who

	printf '0x%08x' $#
	for who; do
		printf '%08x%08x%08x%08x' 0 0 0x120089 ${#who}
		printf '%s' "$who" | od -An -v -tx1 | tr -d ' \n'
		printf '%*s' $(((4 - ${#who} % 4) % 4 * 2)) '' | tr ' ' 0
	done
}

acls_of() {
	getfattr -d -m '^system.(nfs4|ntfs|rich)' -e hex "$1" 2>/dev/null |
		tail -n +2
}

@test "ACLs of servers go with the mode, to where they can be kept" {
	on xfs
	mkdir real
	oddfs real odd acls
	mkfile odd/source data:10K:1
	chmod 640 odd/source
	setfattr -n system.nfs4_acl -v "$(nfs4_acl OWNER@ bob@x)" odd/source
	setfattr -n system.ntfs_acl -v 0x0102 odd/source
	setfattr -n system.richacl -v 0x0304 odd/source
	wanted=$(acls_of odd/source)
	assert_equal "$(wc -l <<<"$wanted")" 3
	for options in -p -a --preserve=mode --preserve=all; do
		# shellcheck disable=SC2086
		run -0 rcp $options odd/source odd/copy
		assert_output ""
		assert_equal "$(acls_of odd/copy)" "$wanted"
		assert_equal "$(one %a odd/copy)" 640
		rm odd/copy
	done
	mkdir odd/dir
	mv odd/source odd/dir
	setfattr -n system.nfs4_acl -v "$(nfs4_acl bob@x)" odd/dir
	run -0 rcp -a odd/dir odd/new
	assert_equal "$(acls_of odd/new)" "$(acls_of odd/dir)"
	assert_equal "$(acls_of odd/new/source)" "$wanted"
	run -0 rcp --preserve=ownership,timestamps odd/dir/source odd/copy
	assert_equal "$(acls_of odd/copy)" ""
}

@test "an ACL that can't be kept: told with -a, a failure by name" {
	need xfs ext4
	on xfs
	into=$(place ext4)
	mkdir real
	oddfs real odd acls
	mkfile odd/source data:10K:1
	chmod 640 odd/source
	setfattr -n system.nfs4_acl -v "$(nfs4_acl OWNER@ bob@x)" odd/source
	said="setting attribute 'system.nfs4_acl' for '$into/copy': \
Operation not supported"
	for options in -a --preserve=all; do
		run -0 rcp $options odd/source "$into/copy"
		assert_output "reflinkcp: warning: $said"
	done
	for options in -p --preserve=mode "-a --preserve=xattr" "-a -p"; do
		# shellcheck disable=SC2086
		run -1 rcp $options odd/source "$into/copy"
		assert_output "reflinkcp: $said"
		assert_equal "$(one %a "$into/copy")" 640
	done
	# One that says what the mode says is no loss.
	setfattr -n system.nfs4_acl \
		-v "$(nfs4_acl OWNER@ GROUP@ EVERYONE@)" odd/source
	for options in -a -p --preserve=all,xattr; do
		run -0 rcp $options odd/source "$into/copy"
		assert_output ""
	done
}

# on_smb ARGUMENT...: the program, told that all is on SMB (failcall.c: HOW_GROWN).
on_smb() {
	FAILCALL=0:0:12:0 "$TOOLS/../fault/reflinkcp_faulty" "$@"
}

cifs_acl() {
	getfattr --only-values -n system.cifs_acl "$1" 2>/dev/null
}

@test "SMB lists no ACL, but has one" {
	on xfs
	mkdir real
	oddfs real odd acls
	mkdir odd/dir
	mkfile odd/dir/source data:10K:1
	mkfile odd/dir/other data:10K:1
	setfattr -n system.cifs_acl -v "that of dir" odd/dir
	setfattr -n system.cifs_acl -v "that of source" odd/dir/source
	run -0 on_smb -a -j1 odd/dir odd/new
	assert_output ""
	assert_equal "$(cifs_acl odd/new)" "that of dir"
	assert_equal "$(cifs_acl odd/new/source)" "that of source"
	assert_equal "$(cifs_acl odd/new/other)" ""
	run -0 on_smb -p odd/dir/source odd/copy
	assert_equal "$(cifs_acl odd/copy)" "that of source"
	run -0 on_smb --preserve=xattr odd/dir/source odd/copy2
	assert_equal "$(cifs_acl odd/copy2)" ""
	# Elsewhere nobody asks.
	run -0 rcp -a odd/dir/source odd/copy3
	assert_equal "$(cifs_acl odd/copy3)" ""
	# Once for all files where it can't be kept.
	run -0 on_smb -a -j1 odd/dir new
	assert_output "reflinkcp_faulty: warning: setting attribute \
'system.cifs_acl' for 'new/source': Operation not supported"
	run -1 on_smb -a -p odd/dir/source copy
}

@test "an attribute that the file system lists and hasn't got is none" {
	on xfs
	mkdir real
	oddfs real odd attr=system.posix_acl_access:ENODATA
	mkfile odd/source data:10K:1
	run -0 rcp -a odd/source copy
	assert_output ""
	run -0 rcp -p odd/source copy2
	assert_output ""
}
