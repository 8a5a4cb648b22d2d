using CliWrap;
using CliWrap.Buffered;

namespace KeysCluster.TestKit;

/// <summary>Runs the programs of the newest PostgreSQL that is installed here.</summary>
internal sealed class PostgresPrograms
{
    private const string ServerAccount = "postgres";

    private static readonly string[] RequiredPrograms = ["initdb", "pg_ctl", "postgres"];

    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    // PostgreSQL refuses to run as root.
    public static bool RequiresServerAccount => Environment.UserName == "root";

    public static PostgresPrograms Find()
    {
        var folder = FindCandidateFolders().FirstOrDefault(
            candidate => RequiredPrograms.All(program => File.Exists(Path.Combine(candidate, program))));
        return new PostgresPrograms(folder ?? throw new InvalidOperationException(
            "These tests start their own PostgreSQL server, and its programs are not installed. "
            + "On Debian and Ubuntu: apt-get install postgresql (version 15 or newer)."));
    }

    /// <summary>Gives a folder to the account that the server runs as.</summary>
    public static async Task ChangeOwnerAsync(string path)
    {
        if (RequiresServerAccount)
            await Cli.Wrap("chown").WithArguments([ServerAccount, path]).ExecuteAsync();
    }

    public async Task RunAsync(string program, string workingFolder, params string[] arguments)
    {
        var path = Path.Combine(_folder, program);
        var command = RequiresServerAccount
            ? Cli.Wrap("runuser").WithArguments(["-u", ServerAccount, "--", path, .. arguments])
            : Cli.Wrap(path).WithArguments(arguments);

        var result = await command
            .WithWorkingDirectory(workingFolder)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(
                $"{program} ended with {result.ExitCode}: {result.StandardError}{result.StandardOutput}");
        }
    }

    private static IEnumerable<string> FindCandidateFolders()
    {
        const string debian = "/usr/lib/postgresql";
        var installed = Directory.Exists(debian)
            ? Directory.GetDirectories(debian)
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        var searched = Environment.GetEnvironmentVariable("PATH") ?? "";
        return installed.Concat(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }
}
