namespace KeysCluster.TestKit;

/// <summary>Runs the programs of the newest PostgreSQL that is installed.</summary>
internal sealed class PostgresPrograms
{
    private const string ServerAccount = "postgres";
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly string[] RequiredPrograms = ["initdb", "pg_ctl", "postgres"];

    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    // PostgreSQL refuses to run as root.
    private static bool RequiresServerAccount => Environment.UserName == "root";

    public static PostgresPrograms Find()
    {
        var folder = FindCandidateFolders().FirstOrDefault(
            candidate => RequiredPrograms.All(program => File.Exists(Path.Combine(candidate, program))));
        return new PostgresPrograms(folder ?? throw new InvalidOperationException(
            "The programs of a PostgreSQL server are not installed. "
            + "On Debian and Ubuntu: apt-get install postgresql (version 15 or newer)."));
    }

    /// <summary>Makes the account of the server the owner of a folder.</summary>
    public static async Task ChangeOwnerAsync(string path)
    {
        if (RequiresServerAccount) await ProgramRunner.RunSuccessfullyAsync("chown", [ServerAccount, path]);
    }

    public Task RunAsync(string program, string workingFolder, params string[] arguments)
    {
        var path = Path.Combine(_folder, program);
        return RequiresServerAccount
            ? ProgramRunner.RunSuccessfullyAsync(
                "runuser", ["-u", ServerAccount, "--", path, .. arguments], folder: workingFolder)
            : ProgramRunner.RunSuccessfullyAsync(path, arguments, folder: workingFolder);
    }

    private static IEnumerable<string> FindCandidateFolders()
    {
        var installed = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        return installed.Concat(ProgramRunner.SearchPath());
    }
}
