using System.Runtime.Versioning;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;
using static KeysCluster.EndToEnd.Tests.Doctor.DoctorFinding;

namespace KeysCluster.EndToEnd.Tests.Doctor;

/// <summary>The command <c>doctor</c> on the data directory of an embedded service.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedDoctorTests
{
    [Fact]
    public async Task An_embedded_service_without_a_fault_has_no_finding_while_it_runs_and_each_fault_is_found()
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        await using (var process = await service.StartAsync())
        {
            using var client = process.CreateClient(service.ApiKey);
            var (id, _) = await client.CreateAsync();
            await client.RotateAsync(id);
            await client.RotateAsync(id);
            var result = await RunAsync(settings);
            AssertHealthy(result);
            Assert.Contains(result.Findings, finding => finding is { Check: "replication", Severity: "skipped" });
            await process.StopAsync();
        }

        var before = ReadFiles(service.DataDirectory);
        AssertHealthy(await RunAsync(settings));
        Assert.Equal(before, ReadFiles(service.DataDirectory));

        Execute(service, "DELETE FROM KeysEvent WHERE StateName = 'virtual-key' AND Number = 2");
        AssertFound(await RunAsync(settings), "error", "events", "Numbers of events are missing", "intrusion");
        Execute(service, """
            INSERT INTO OrleansRemindersTable
            VALUES ('keys', 'vk/vk_1', 'erase-ended-secrets', '2026-01-01 00:00:00', 60000, 1, 0)
            """);
        AssertFound(await RunAsync(settings), "error", "erasures", "Erasures are overdue: 1", "Start a silo");
        Execute(service, "DELETE FROM SchemaVersions WHERE ScriptName LIKE '0010%'");
        AssertFound(await RunAsync(settings), "error", "schema", "is not applied", "Start the service of this build");

        var pepper = Path.Combine(service.DataDirectory, "pepper");
        File.SetUnixFileMode(pepper, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertFound(await RunAsync(settings), "error", "files", "Other users can access", $"chmod 600 '{pepper}'");
        File.SetUnixFileMode(service.DataDirectory, (UnixFileMode)0b111_000_010);
        AssertFound(await RunAsync(settings), "error", "files", "can replace the files", "chmod o-w");
        File.SetUnixFileMode(service.DataDirectory, (UnixFileMode)0b111_000_000);

        File.Delete(pepper);
        AssertFound(await RunAsync(settings), "error", "settings", "Keys:Pepper is missing", "Correct the setting");
        File.Delete(service.DatabaseFile);
        AssertFound(await RunAsync(settings), "error", "database", "cannot be opened", "restore a backup");
        Assert.False(File.Exists(service.DatabaseFile));
    }

    private static Dictionary<string, string> ReadFiles(string folder) => Directory.GetFiles(folder)
        .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));

    private static void Execute(EmbeddedService service, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
