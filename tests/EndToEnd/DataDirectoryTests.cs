using System.Runtime.Versioning;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A data directory that is not as the last process left it. Nothing in it is replaced.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Dictionary<string, (Action<string> Damage, string Message)> Cases = new()
    {
        ["the database is deleted"] = (folder => DeleteDatabase(folder), "keys.db is missing or empty"),
        ["the database is empty"] = (
            folder =>
            {
                DeleteDatabase(folder);
                Write(folder, "keys.db", []);
            },
            "keys.db is missing or empty"),
        ["the database is that of another program"] = (
            folder =>
            {
                DeleteDatabase(folder);
                CreateDatabase(Path.Combine(folder, "keys.db"));
            },
            "is not the one of earlier starts"),
        ["the database is damaged"] = (folder => Write(folder, "keys.db", new byte[8192]), "database"),
        ["the database is a folder"] = (
            folder =>
            {
                DeleteDatabase(folder);
                Directory.CreateDirectory(Path.Combine(folder, "keys.db"));
            },
            "keys.db is a folder"),
        ["only the secrets are left"] = (
            folder =>
            {
                DeleteDatabase(folder);
                File.Delete(Path.Combine(folder, "initialized"));
            },
            "keys.db is missing or empty"),
        ["the pepper is missing"] = (folder => File.Delete(Path.Combine(folder, "pepper")), "pepper is missing"),
        ["others can write to the folder"] = (
            folder => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite),
            "chmod o-w"),
        ["others can read the database"] = (folder => MakeReadable(folder, "keys.db"), "chmod 600"),
        ["others can read the pepper"] = (folder => MakeReadable(folder, "pepper"), "chmod 600"),
        ["others can read the admin key"] = (folder => MakeReadable(folder, "admin-key"), "chmod 600"),
        ["the pepper is empty"] = (folder => Write(folder, "pepper", []), "pepper is empty"),
        ["the pepper is short"] = (folder => Write(folder, "pepper", "c2hvcnQ="u8.ToArray()), "at least 32 bytes"),
        ["the pepper is not base64"] = (
            folder => Write(folder, "pepper", "a pepper, a pepper, a pepper, a pepper, a pepper"u8.ToArray()),
            "at least 32 bytes in base64"),
        ["the admin key is not text"] = (
            folder => Write(folder, "admin-key", [.. Enumerable.Range(128, 72).Select(value => (byte)value)]),
            "printable ASCII"),
        ["the admin key has two lines"] = (
            folder => Write(folder, "admin-key", "0123456789012345\n01234567890123456"u8.ToArray()), "printable ASCII"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_start_refuses_with_one_message_without_a_stack(string name)
    {
        await using var service = new EmbeddedService();
        await using (var process = await service.StartAsync()) await process.StopAsync();
        var (damage, message) = Cases[name];
        damage(service.DataDirectory);

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", service.CreateSettings());

        Assert.Equal(1, exitCode);
        Assert.StartsWith("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_not_reported_as_in_use()
    {
        await using var service = new EmbeddedService();
        Directory.CreateDirectory(service.DataDirectory);
        Directory.CreateDirectory(Path.Combine(service.DataDirectory, "lock"));

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", service.CreateSettings());

        Assert.Equal(1, exitCode);
        Assert.StartsWith("KeysCluster cannot start: The data directory ", output, StringComparison.Ordinal);
        Assert.Contains("cannot be used", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Keys:Pepper=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Keys:Pepper")]
    [InlineData("--keys:peppers:next=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Keys:Peppers")]
    [InlineData("/Keys:AdminKey=00000000000000000000000000000000", "Keys:AdminKey")]
    public async Task A_secret_on_the_command_line_is_refused(string argument, string setting)
    {
        var (exitCode, output) = await ProgramRunner.RunAsync(
            "dotnet", [Repository.GetProgramPath("Silo"), argument, "--urls", $"http://127.0.0.1:{FreePort.Next()}"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"KeysCluster cannot start: {setting} is on the command line", output, StringComparison.Ordinal);
    }

    private static void DeleteDatabase(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "keys.db*")) File.Delete(file);
    }

    private static void CreateDatabase(string path)
    {
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE Other (Id INTEGER)";
            command.ExecuteNonQuery();
        }

        File.SetUnixFileMode(path, OwnerOnly);
    }

    private static void Write(string folder, string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(folder, name), content);
        File.SetUnixFileMode(Path.Combine(folder, name), OwnerOnly);
    }

    private static void MakeReadable(string folder, string name) =>
        File.SetUnixFileMode(Path.Combine(folder, name), OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
}
