/**
 * The node's end: the one program that a verb starts on a node, over its one connection.
 *
 * It takes the node's lock, says that it is ready, and runs the commands that it is sent, one after the other. Arguments come as
 * length-prefixed lists, so none ever meets a shell. Answers stand in frames between markers that are new in each run, so what
 * startup files of the login shell print is told apart. The lock goes with the process, however the connection ends.
 */

/** Perl, because every node has it. `docs/on-the-node.md` shows it whole. */
export const NODES_END = String.raw`use strict;
use warnings;
use Fcntl qw(:flock O_RDONLY O_CREAT O_EXCL O_NOFOLLOW O_NONBLOCK);
my ($marker, $lockfile, $seconds, $sudo) = @ARGV;
$| = 1;
$ENV{PATH} = ($ENV{PATH} // '/usr/bin:/bin') . ':/usr/sbin:/sbin';
$ENV{TMPDIR} = '/dev/shm' if -w '/dev/shm';    # for the unlinked files below: a secret never reaches a disk

sub say_frame {
    my ($word, @parts) = @_;
    print join(' ', "\n$marker", $word, map { length } @parts), "\n", @parts, "\n$marker end\n";
}

# Opened for reading alone: in a sticky folder nobody may write to a file of somebody else.
my $lock;
sub open_lock {
    my $umask = umask 0;
    my ($read, $new) = (O_RDONLY | O_NOFOLLOW | O_NONBLOCK, O_CREAT | O_EXCL);
    my $opened;
    for (1 .. 3) {
        last if $opened = sysopen($lock, $lockfile, $read) || sysopen($lock, $lockfile, $read | $new, 0666);
    }
    my $reason = $opened ? 'it is no plain file' : "$!";
    umask $umask;
    return if $opened && -f $lock;
    say_frame('unlockable', $reason);
    exit;
}

# One writer a node: root and any other user take turns.
sub take_lock {
    return if flock $lock, LOCK_EX | LOCK_NB;
    say_frame('waiting');
    my $taken = $seconds > 0 && eval {
        local $SIG{ALRM} = sub { die };
        alarm $seconds;
        flock($lock, LOCK_EX) or die;
        alarm 0;
        1;
    };
    return if $taken;
    say_frame('locked');
    exit;
}

# As root the module is loaded once for all calls, if the pveum of this node is Proxmox's own script: a start costs 0.3 s.
sub load_pveum {
    return 0 if $sudo || $> != 0;
    my ($file) = grep { -x } map { "$_/pveum" } split /:/, $ENV{PATH};
    open my $script, '<', $file // return 0 or return 0;
    read $script, my $text, 2000;
    local $SIG{PIPE} = 'DEFAULT';    # AnyEvent would set it to ignore: this program must die with its connection
    return $text =~ /^#!\S*perl\b.*^use PVE::CLI::pveum;/ms && eval { require PVE::CLI::pveum; 1 };
}

sub run_words {
    my ($loaded, @words) = @_;
    if ($loaded && $words[0] eq 'pveum') {
        ($0, @ARGV) = @words;
        PVE::CLI::pveum->run_cli_handler();    # its die goes out to perl itself, which writes it and takes the status from it
        exit 0;
    }
    unshift @words, 'sudo', '-n' if $sudo;
    no warnings 'exec';
    exec { $words[0] } @words or print STDERR "$words[0]: $!\n";
    exit 127;
}

sub run_command {
    my ($loaded, @words) = @_;
    open my $out, '+>', undef or die "no temporary file: $!\n";
    open my $err, '+>', undef or die "no temporary file: $!\n";
    my $pid = fork // die "no process: $!\n";
    if ($pid == 0) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>&', $out;
        open STDERR, '>&', $err;
        run_words($loaded, @words);
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    my @texts = map { seek $_, 0, 0; local $/; scalar(<$_>) // '' } $out, $err;
    # The secret of one token: a line of another that has the same ending stays here.
    $texts[0] = join '', grep { index($_, $words[3]) == 0 } split /^/, $texts[0] if $words[0] eq 'grep';
    say_frame($status, @texts);
}

open_lock();
take_lock();
my $loaded = load_pveum();
say_frame('ready', "$>");
while (defined(my $lengths = <STDIN>)) {
    my @words = map { read(STDIN, my $word, $_) == $_ or exit; $word } split ' ', $lengths;
    run_command($loaded, @words);
}
`;
