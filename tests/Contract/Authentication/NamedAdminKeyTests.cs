using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>Admin keys with names in a running silo: its events, and files that change.</summary>
public sealed class NamedAdminKeyTests : IAsyncLifetime
{
    private const string Ops = "ak-lw-OPS0000000000000000000000000000000000000000000000";
    private const string Ci = "ak-lw-C10000000000000000000000000000000000000000000000";

    private readonly EmbeddedService _embedded = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-settings-").FullName;

    [Fact]
    public async Task Two_admin_keys_work_at_once_and_the_events_name_each()
    {
        WriteSetting("Keys__AdminKeys__ops", GetDigest(Ops));
        WriteSetting("Keys__AdminKeys__ci", GetDigest(Ci));
        await using var silo = await StartWithDirectoryAsync();

        Assert.Equal(("admin", "ops", "admin:ops"), await GetActorOfNewProjectAsync(silo, Ops));
        Assert.Equal(("admin", "ci", "admin:ci"), await GetActorOfNewProjectAsync(silo, Ci));
        Assert.Equal(("admin", "default", "admin"), await GetActorOfNewProjectAsync(silo, _embedded.AdminKey));
    }

    [Fact]
    public async Task A_key_whose_file_is_deleted_is_refused_without_a_restart_and_the_others_are_not()
    {
        WriteSetting("Keys__AdminKeys__ops", GetDigest(Ops));
        WriteSetting("Keys__AdminKeys__ci", GetDigest(Ci));
        await using var silo = await StartWithDirectoryAsync();
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ops));

        File.Delete(Path.Combine(_folder, "Keys__AdminKeys__ops"));

        await WaitForStatusAsync(silo, Ops, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ci));
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, _embedded.AdminKey));
    }

    [Fact]
    public async Task A_key_is_refused_once_its_file_with_the_last_moment_says_so()
    {
        WriteSetting("Keys__AdminKeys__ops", GetDigest(Ops));
        await using var silo = await StartWithDirectoryAsync();
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ops));

        WriteSetting("Keys__AdminKeys__ops__NotAfter", "2026-01-31T00:00:00Z");

        await WaitForStatusAsync(silo, Ops, HttpStatusCode.Unauthorized);
    }

    /// <summary>Kubernetes mounts files as links into a hidden folder, and replaces the link to that folder.</summary>
    [Fact]
    public async Task A_mounted_secret_that_Kubernetes_replaces_is_applied_without_a_restart()
    {
        const string name = "Keys__AdminKeys__ops";
        WriteVersion("..1", GetDigest(Ops));
        File.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(_folder, name), Path.Combine("..data", name));
        await using var silo = await StartWithDirectoryAsync();
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ops));

        WriteVersion("..2", GetDigest(Ci));
        File.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        await ProgramRunner.RunSuccessfullyAsync("mv", ["-T", "..data_tmp", "..data"], folder: _folder);

        await WaitForStatusAsync(silo, Ci, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusAsync(silo, Ops));

        void WriteVersion(string version, string digest)
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            SecretFiles.Write(Path.Combine(_folder, version, name), digest + "\n");
        }
    }

    [Fact]
    public async Task A_changed_appsettings_file_is_applied_without_a_restart_and_a_malformed_one_is_not()
    {
        WriteAdminKeys(new() { ["ops"] = GetDigest(Ops), ["ci"] = GetDigest(Ci) });
        await using var silo = await ServiceProcess.StartAsync("Silo", _embedded.CreateSettings(), folder: _folder);
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ops));

        WriteAdminKeys(new() { ["ci"] = GetDigest(Ci) });
        await WaitForStatusAsync(silo, Ops, HttpStatusCode.Unauthorized);

        WriteAdminKeys(new() { ["ci"] = "sha256:none" });
        await silo.WaitForOutputAsync("Reload of the admin keys refused; the previous ones remain in effect. "
            + "Keys:AdminKeys:ci must be 'sha256:' and 64 hex digits");
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ci));

        WriteAppSettings("""{"Keys": {"AdminKeys": """);
        await silo.WaitForOutputAsync("appsettings.json is malformed and was not applied");
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ci));

        WriteAdminKeys(new() { ["ops"] = GetDigest(Ops) });
        await WaitForStatusAsync(silo, Ci, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(silo, Ops));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await _embedded.DisposeAsync();
    }

    private static string GetDigest(string key) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)))}";

    private static async Task<HttpStatusCode> GetStatusAsync(ServiceProcess silo, string adminKey)
    {
        using var client = silo.CreateClient(adminKey);
        return (await client.SendAsync(HttpMethod.Get, Routes.Projects)).Status;
    }

    private static Task WaitForStatusAsync(ServiceProcess silo, string adminKey, HttpStatusCode status) =>
        Wait.UntilAsync(async () => await GetStatusAsync(silo, adminKey) == status);

    private Task<ServiceProcess> StartWithDirectoryAsync() => _embedded.StartAsync(
        new Dictionary<string, string> { ["Hosting__SecretsDirectory"] = _folder });

    private void WriteSetting(string name, string value) =>
        SecretFiles.Write(Path.Combine(_folder, name), value + "\n");

    private void WriteAdminKeys(Dictionary<string, string> adminKeys) =>
        WriteAppSettings(JsonSerializer.Serialize(new { Keys = new { AdminKeys = adminKeys } }));

    /// <summary>Replaces the file as a whole, so that the silo never reads a part of it.</summary>
    private void WriteAppSettings(string json)
    {
        var draft = Path.Combine(_folder, "draft");
        File.WriteAllText(draft, json);
        File.Move(draft, Path.Combine(_folder, "appsettings.json"), overwrite: true);
    }

    private async Task<(string Kind, string Id, string Actor)> GetActorOfNewProjectAsync(
        ServiceProcess silo, string adminKey)
    {
        using var client = silo.CreateClient(adminKey);
        var (project, _) = await client.CreateProjectAsync();
        await using var connection = new SqliteConnection($"Data Source={_embedded.DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT ActorKind, ActorId, Actor FROM KeysEvent WHERE Id = @Id AND Type = 'created'";
        command.Parameters.AddWithValue("@Id", project);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetString(0), reader.GetString(1), reader.GetString(2));
    }
}
