using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class StartupTests
{
    /// <summary>Npgsql does not support the URI format of a connection string.</summary>
    private const string PostgresUri = "postgres://keys:word@127.0.0.1/keys";

    [Fact]
    public async Task The_first_start_prints_instructions_and_no_start_prints_a_secret()
    {
        await using var service = new EmbeddedService();
        await using (var first = await service.StartAsync())
        {
            await first.WaitForOutputAsync("curl -X POST");
            Assert.Contains(first.Address.ToString().TrimEnd('/'), first.Output, StringComparison.Ordinal);
            Assert.Contains(Path.Combine(service.DataDirectory, "admin-key"), first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(service.AdminKey, first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-lw-", first.Output, StringComparison.Ordinal);

            using var client = first.CreateClient(service.ApiKey);
            var (_, secret) = await client.CreateAsync();
            Assert.Equal("active", await client.VerifyAsync(secret));
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await service.StartAsync();
        Assert.DoesNotContain("sk-lw-", second.Output, StringComparison.Ordinal);
        using var secondClient = second.CreateClient(service.ApiKey);
        (await secondClient.ListAsync()).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task Data_directory_files_are_readable_by_their_owner_only()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();

        foreach (var file in (string[])["admin-key", "project-api-key", "pepper", "keys.db", "keys.db-wal"])
        {
            var mode = File.GetUnixFileMode(Path.Combine(service.DataDirectory, file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }
    }

    [Fact]
    public async Task A_second_process_on_a_data_directory_exits_and_the_first_keeps_serving()
    {
        await using var service = new EmbeddedService();
        await using var first = await service.StartAsync();

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", service.CreateSettings());

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"KeysCluster cannot start: Another process uses the data directory {service.DataDirectory}. "
            + "Stop it, or set Keys:DataDirectory to another folder.",
            output.Trim());
        using var client = first.CreateClient(service.ApiKey);
        await client.CreateAsync();
    }

    [Fact]
    public async Task A_port_conflict_is_reported_with_the_name_of_its_setting()
    {
        await using var service = new EmbeddedService();
        await using var first = await service.StartAsync();
        var settings = new ClusterService("Host=127.0.0.1;Database=keys").CreateSettings();
        settings["Cluster:SiloPort"] = first.Address.Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("set Cluster:SiloPort to another one", output, StringComparison.Ordinal);
    }

    /// <summary>Any account of the machine could control the service through a port of Orleans.</summary>
    [Fact]
    public async Task Embedded_processes_run_side_by_side_and_listen_for_REST_only()
    {
        await using var service = new EmbeddedService();
        await using var other = new EmbeddedService();
        await using var first = await service.StartAsync();
        await using var second = await other.StartAsync();

        Assert.Equal([first.Address.Port], GetListeningPorts(first.Id));
        Assert.Equal([second.Address.Port], GetListeningPorts(second.Id));
    }

    [Fact]
    public async Task A_silo_that_other_machines_reach_does_not_start_without_certificates()
    {
        var settings = new ClusterService("Host=127.0.0.1;Database=keys").CreateSettings();
        settings["Cluster:AdvertisedAddress"] = "192.0.2.1";

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("Cluster:Tls is missing", output, StringComparison.Ordinal);
        Assert.Contains("Cluster:AllowPlaintext=true", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Api")]
    public async Task A_certificate_without_its_key_is_reported(string program)
    {
        using var authority = new TestCertificateAuthority();
        var settings = new ClusterService("Host=127.0.0.1;Database=keys").CreateSettings();
        settings["Cluster:Tls:Certificate"] = authority.Issue("silo").Certificate;

        var (exitCode, output) = await ServiceProcess.RunToExitAsync(program, settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("Cluster:Tls:Key is missing", output, StringComparison.Ordinal);
    }

    [UnsupportedOSPlatform("windows")]
    [Theory]
    [InlineData("Hosting:SecretsDirectory")]
    [InlineData("Api:Tls:Key")]
    [InlineData("Cluster:Tls:Key")]
    public async Task A_secret_that_others_can_read_is_refused(string setting)
    {
        using var authority = new TestCertificateAuthority();
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        var (certificate, key) = authority.Issue("silo");
        if (setting.StartsWith("Cluster", StringComparison.Ordinal))
        {
            settings = new ClusterService("Host=127.0.0.1;Port=1").CreateSettings();
            foreach (var (name, value) in authority.IssueSettings("silo")) settings[name] = value;
        }

        settings["Api:Tls:Certificate"] = certificate;
        settings["Api:Tls:Key"] = key;
        settings["Hosting:SecretsDirectory"] = Path.GetDirectoryName(key)!;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(key)!)) SetMode(file, UnixFileMode.GroupRead);
        if (setting != "Hosting:SecretsDirectory") settings.Remove("Hosting:SecretsDirectory");
        if (setting != "Api:Tls:Key") settings.Remove("Api:Tls:Certificate");
        if (setting != "Api:Tls:Key") settings.Remove("Api:Tls:Key");
        SetMode(key, UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains($"chmod 640 '{key}'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);

        static void SetMode(string file, UnixFileMode others) =>
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
    }

    [Fact]
    public async Task A_malformed_file_of_settings_is_reported_in_one_message()
    {
        var folder = Directory.CreateTempSubdirectory("keys-settings-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), "{ \"Keys\": ");

        var (exitCode, output) = await ProgramRunner.RunAsync(
            "dotnet", [Repository.GetProgramPath("Silo")], folder: folder);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains("appsettings.json", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default", "Loud", "Logging:LogLevel is invalid")]
    [InlineData("Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0", "Api:Tls:Certificate")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://192.0.2.1:5080", "An address in urls")]
    public async Task A_failure_of_the_framework_is_reported_in_one_line(string key, string value, string message)
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        settings["Logging:LogLevel:Default"] = "Warning";
        settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Error";
        settings[key] = value;

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_port_that_is_taken_during_the_start_is_reported_without_a_stack()
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        settings["Kestrel:Endpoints:Http:Url"] = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        settings["Logging:LogLevel:Default"] = "Warning";

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains("in use", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_start_cleanly_stops_the_components_that_did_start()
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        settings["Kestrel:Endpoints:Http:Url"] = $"http://192.0.2.1:{FreePort.Next()}";
        settings["Logging:LogLevel:Default"] = "Warning";

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("KeysCluster cannot start: An address in urls", output, StringComparison.Ordinal);
        Assert.DoesNotContain("failed to stop", output, StringComparison.Ordinal);
        Assert.DoesNotContain("BackgroundService failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo", "Keys:Pepper", "c2hvcnQ=", "Keys:Pepper must be at least 32 bytes in base64.")]
    [InlineData("Silo", "Cluster:SiloPort", "many", "Cluster:SiloPort")]
    [InlineData("Silo", "Cluster:AdvertisedAddress", "here", "Cluster:AdvertisedAddress must be an IP address.")]
    [InlineData("Silo", "Keys:AdminKey", "short", "Keys:AdminKey is too short")]
    [InlineData("Silo", "Keys:AdminKey", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Keys:AdminKey is not random")]
    [InlineData("Silo", "Keys:AdminKey", "a                               ", "Keys:AdminKey is too short")]
    [InlineData("Silo", "Keys:AdminKeys:ops", "sha256:0", "Keys:AdminKeys:ops must be 'sha256:' and 64 hex digits")]
    [InlineData("Silo", "Keys:AdminKeys:ops:NotAfter", "2027", "Keys:AdminKeys:ops:NotAfter must be an ISO 8601 time")]
    [InlineData("Silo", "Keys:AdminKeys:a b", "sha256:0", "A name under Keys:AdminKeys is invalid")]
    [InlineData("Silo", "Hosting:SecretsDirectory", "/nowhere", "Hosting:SecretsDirectory cannot be read")]
    [InlineData("Silo", "Api:RequestsPerSecond", "0", "Api:RequestsPerSecond must be between 1 and 1000000.")]
    [InlineData("Silo", "ConnectionStrings:Keys", "Host=127.0.0.1;Port=1", "Keys:Pepper is missing")]
    [InlineData("Api", "Keys:AdminKey", "0123456789abcdef0123456789abcdef", "ConnectionStrings:Keys is missing")]
    [InlineData("Silo", "ConnectionStrings:Keys", PostgresUri, "ConnectionStrings:Keys is not a connection string")]
    [InlineData("Api", "ConnectionStrings:Keys", PostgresUri, "ConnectionStrings:Keys is not a connection string")]
    [InlineData("Api", "Keys:ConnectionString", "Host=127.0.0.1;Port=1", "ConnectionStrings:Keys is missing")]
    public async Task An_invalid_or_missing_setting_is_reported_in_one_message(
        string project, string key, string value, string message)
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        settings[key] = value;

        var (exitCode, output) = await ServiceProcess.RunToExitAsync(project, settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("KeysCluster cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Api")]
    public async Task A_cluster_host_without_an_admin_key_is_reported_in_one_message(string project)
    {
        var settings = new ClusterService("Host=127.0.0.1;Port=1").CreateSettings();
        settings.Remove("Keys:AdminKey");

        var (exitCode, output) = await ServiceProcess.RunToExitAsync(project, settings);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "KeysCluster cannot start: An admin key is missing: set Keys:AdminKeys:{name}",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_database_is_reported_in_one_message()
    {
        var settings = new ClusterService("Host=127.0.0.1;Port=1").CreateSettings();

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "KeysCluster cannot start: The PostgreSQL database could not be locked for its migration",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_not_opened_with_a_missing_or_different_pepper()
    {
        await using var service = new EmbeddedService();
        await using (var process = await service.StartAsync()) await process.StopAsync();
        var pepper = Path.Combine(service.DataDirectory, "pepper");

        File.Move(pepper, pepper + ".away");
        var missing = await ServiceProcess.RunToExitAsync("Silo", service.CreateSettings());
        File.WriteAllText(pepper, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(pepper, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var wrong = await ServiceProcess.RunToExitAsync("Silo", service.CreateSettings());

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("pepper is missing", missing.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("not the one that this database was written with", wrong.Output, StringComparison.Ordinal);
    }

    /// <summary>Returns the ports on which a process listens, as Linux reports them.</summary>
    private static int[] GetListeningPorts(int processId)
    {
        const string listening = "0A";
        var sockets = Directory.GetFileSystemEntries($"/proc/{processId}/fd")
            .Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "")
            .ToHashSet();
        return
        [
            .. File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == listening && sockets.Contains($"socket:[{fields[9]}]"))
                .Select(fields => fields[1].Split(':')[1])
                .Select(port => int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Order(),
        ];
    }
}
