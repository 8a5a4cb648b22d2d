using System.Runtime.Versioning;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>A backup of a service that runs, and what a restore of it protects from.</summary>
[Trait("Speed", "slow")]
[UnsupportedOSPlatform("windows")]
public sealed class BackupTests(BackedUpService service) : IClassFixture<BackedUpService>
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void A_backup_of_a_running_service_is_complete_and_for_its_owner_only()
    {
        Snapshot.AssertJsonMatches(Path.Combine("json", "backup.json"), service.Result!.Output);
        var files = Directory.GetFiles(service.Backup);
        Assert.Equal(["keys.db", "manifest.json"], files.Select(Path.GetFileName).Order());
        Assert.All(files.Append(service.Pepper), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_service_on_a_restored_backup_accepts_the_secrets_of_the_backup()
    {
        await using var restored = new EmbeddedService();
        using var cli = new CommandLine();
        var result = (await cli.RunAsync(
            "restore", service.Backup, "--data-directory", restored.DataDirectory, "--pepper-file", service.Pepper,
            "--yes", "--json")).Expect(ExitCodes.Success);
        Snapshot.AssertJsonMatches(Path.Combine("json", "restore.json"), result.Output);

        await using var process = await ServiceProcess.StartAsync("Silo", restored.CreateSettings());
        using var client = KeysClient.Create(
            new KeysClientOptions { BaseAddress = process.Address, ApiKey = service.ApiKey });
        var verdict = await client.VirtualKeys.VerifyAsync(new VerifySecret { Secret = service.SecretBefore });

        Assert.Equal(VerdictCode.Active, verdict.Code);
    }

    [Fact]
    public async Task A_restore_that_stops_before_its_end_leaves_a_folder_on_which_no_service_starts()
    {
        await using var restored = new EmbeddedService();
        using var cli = new CommandLine();
        string[] restore = ["restore", service.Backup, "--data-directory", restored.DataDirectory, "--yes"];
        await cli.ReadAsync([.. restore, "--pepper-file", service.Pepper]);

        // As if the last steps were missing, in a new folder and in that of an earlier service.
        File.Move(restored.DatabaseFile, restored.DatabaseFile + ".new");
        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", restored.CreateSettings());
        Assert.Equal(1, exitCode);
        Assert.Contains("keys.db is missing or empty", output, StringComparison.Ordinal);
        File.Delete(Path.Combine(restored.DataDirectory, "initialized"));
        (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", restored.CreateSettings());
        Assert.Equal(1, exitCode);
        Assert.Contains("keys.db is missing or empty", output, StringComparison.Ordinal);

        // The command can be repeated.
        await cli.ReadAsync(restore);
        Assert.True(File.Exists(restored.DatabaseFile));
    }

    [Fact]
    public async Task A_folder_that_a_service_uses_is_not_replaced()
    {
        using var cli = new CommandLine();

        var result = await cli.RunAsync(
            "restore", service.Backup, "--data-directory", service.DataDirectory, "--replace", "--yes");

        result.Expect(ExitCodes.Failure);
        Assert.Contains("Stop it first", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(service.DataDirectory, "keys.db")));
    }

    [Fact]
    public async Task Data_that_is_there_is_replaced_only_on_request_and_kept()
    {
        using var cli = new CommandLine();
        var data = cli.GetPath("data");
        string[] restore =
        [
            "restore", service.Backup, "--data-directory", data, "--pepper-file", service.Pepper, "--yes",
        ];
        await cli.ReadAsync(restore);

        var result = (await cli.RunAsync(restore)).Expect(ExitCodes.Usage);
        Assert.Contains("--replace", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(data));

        await cli.ReadAsync([.. restore, "--replace"]);
        var kept = Assert.Single(Directory.GetDirectories(data));
        Assert.Equal(["keys.db", "pepper"], Directory.GetFiles(kept).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("the database is damaged", "is not the file that the backup wrote")]
    [InlineData("the manifest is missing", "is not a complete backup")]
    [InlineData("the manifest is damaged", "is not valid")]
    [InlineData("the database is missing", "has no keys.db")]
    [InlineData("the pepper is missing", "--pepper-file")]
    public async Task A_backup_that_cannot_be_used_changes_nothing(string damage, string message)
    {
        using var cli = new CommandLine();
        var (backup, data) = (cli.GetPath("backup"), cli.GetPath("data"));
        Directory.CreateDirectory(backup);
        foreach (var file in Directory.GetFiles(service.Backup))
            File.Copy(file, Path.Combine(backup, Path.GetFileName(file)));
        var pepper = service.Pepper;
        switch (damage)
        {
            case "the database is damaged":
                await using (var file = File.OpenWrite(Path.Combine(backup, "keys.db")))
                {
                    file.Position = file.Length / 2;
                    file.WriteByte(1);
                    file.WriteByte(2);
                }

                break;
            case "the manifest is missing":
                File.Delete(Path.Combine(backup, "manifest.json"));
                break;
            case "the manifest is damaged":
                await File.WriteAllTextAsync(Path.Combine(backup, "manifest.json"), "{");
                break;
            case "the database is missing":
                File.Delete(Path.Combine(backup, "keys.db"));
                break;
            default:
                pepper = null;
                break;
        }

        string[] option = pepper is null ? [] : ["--pepper-file", pepper];
        var result = await cli.RunAsync(["restore", backup, "--data-directory", data, "--yes", .. option]);

        Assert.NotEqual(ExitCodes.Success, result.ExitCode);
        Assert.Contains(message, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data, "keys.db")));
        Assert.False(File.Exists(Path.Combine(data, "pepper")));
    }

    [Fact]
    public async Task A_restore_asks_and_says_how_old_the_backup_is()
    {
        using var cli = new CommandLine();
        string[] restore = ["restore", service.Backup, "--data-directory", cli.GetPath("data")];
        (await cli.RunAsync(restore)).Expect(ExitCodes.Usage);
        cli.IsPersonTyping = true;
        cli.Input.Add("n");

        var result = (await cli.RunAsync(restore)).Expect(ExitCodes.Failure);

        Assert.Contains("The backup was made", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.GetPath("data")));
    }

    [Fact]
    public async Task A_backup_overwrites_nothing_and_needs_data()
    {
        using var cli = new CommandLine();
        (await cli.RunAsync("backup", service.Backup, "--data-directory", service.DataDirectory))
            .Expect(ExitCodes.Usage);
        var result = (await cli.RunAsync("backup", cli.GetPath("b"), "--data-directory", cli.GetPath("missing")))
            .Expect(ExitCodes.Usage);

        Assert.Contains("--data-directory", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.GetPath("b")));
    }
}
