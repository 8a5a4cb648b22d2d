using System.Net;
using System.Runtime.Versioning;
using KeysCluster.TestKit;
using Npgsql;
using YamlDotNet.RepresentationModel;

namespace KeysCluster.Deployment.Tests;

/// <summary>The compose file is consistent in itself and with the images.</summary>
public sealed class ComposeTests(ComposeFixture compose) : IClassFixture<ComposeFixture>
{
    [Fact]
    public void The_file_defines_two_silos_two_front_ends_a_database_and_a_proxy() => Assert.Equal(
        ["front-end-1", "front-end-2", "migrate", "postgres", "proxy", "silo-1", "silo-2"],
        compose.Services.Keys.Order());

    [Fact]
    public void Only_the_proxy_publishes_a_port_and_joins_the_external_network()
    {
        Assert.Equal(["proxy"], FindServices(service => service.Children.ContainsKey("ports")));

        var external = ((YamlMappingNode)compose.File["networks"])
            .Where(network => !IsInternal(network.Value))
            .Select(network => network.Key.ToString());
        var network = Assert.Single(external);
        Assert.Equal(["proxy"], FindServices(service => GetNetworks(service).Contains(network)));
    }

    [Fact]
    public void Every_service_runs_unprivileged_on_a_read_only_disk_with_limits()
    {
        foreach (var (name, service) in compose.Services)
        {
            Assert.True(service["read_only"].ToString() == "true", name);
            Assert.Equal(["ALL"], ((YamlSequenceNode)service["cap_drop"]).Select(value => value.ToString()));
            Assert.False(service.Children.ContainsKey("cap_add"), name);
            Assert.False(service.Children.ContainsKey("privileged"), name);
            Assert.Equal(
                ["no-new-privileges:true"],
                ((YamlSequenceNode)service["security_opt"]).Select(value => value.ToString()));
            Assert.True(service.Children.ContainsKey("mem_limit"), name);
            Assert.True(service.Children.ContainsKey("pids_limit"), name);
        }

        // The other images name their user themselves.
        Assert.Equal("postgres", compose.Services["postgres"]["user"].ToString());
    }

    [Fact]
    public void Images_and_health_checks_match_the_Dockerfile()
    {
        var dockerfile = File.ReadAllText(DeployFiles.Dockerfile);
        foreach (var name in FindServices(IsHost))
        {
            var service = compose.Services[name];
            var target = service["build"]["target"].ToString();
            Assert.Contains($" AS {target}\n", dockerfile, StringComparison.Ordinal);
            Assert.Equal(IsSilo(name) ? "silo" : "api", target);
            var program = target == "silo" ? "KeysCluster.Silo.dll" : "KeysCluster.Api.dll";
            var check = ((YamlSequenceNode)service["healthcheck"]["test"]).Select(part => part.ToString());
            Assert.Equal(["CMD", "dotnet", program, "healthcheck", "ready"], check);
            Assert.Equal("45s", service["stop_grace_period"].ToString());
        }
    }

    [Fact]
    public void Only_silos_receive_the_pepper_and_each_advertises_its_own_address()
    {
        string[] silos = ["silo-1", "silo-2"];
        var mounting = FindServices(service => GetMounts(service)
            .Any(path => path.EndsWith("/secrets/silo", StringComparison.Ordinal)));
        Assert.Equal(silos, mounting.Order());
        Assert.Empty(FindServices(service => GetEnvironmentNames(service).Any(name =>
            name.StartsWith("Keys__", StringComparison.Ordinal)
            || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
            || name.EndsWith("PASSWORD", StringComparison.Ordinal))));

        var subnet = compose.File["networks"]["cluster"]["ipam"]["config"][0]["subnet"].ToString();
        var addresses = silos.Select(name =>
        {
            var service = compose.Services[name];
            var address = service["environment"]["Cluster__AdvertisedAddress"].ToString();
            Assert.Equal(service["networks"]["cluster"]["ipv4_address"].ToString(), address);
            return IPAddress.Parse(address);
        }).ToList();
        Assert.All(addresses, address => Assert.True(IPNetwork.Parse(subnet).Contains(address)));
        Assert.Distinct(addresses);
    }

    [Fact]
    public void Silos_and_front_ends_mount_the_secrets_of_their_role_where_their_program_reads_them()
    {
        foreach (var name in FindServices(IsHost))
        {
            var service = compose.Services[name];
            var directory = service["environment"]["Hosting__SecretsDirectory"].ToString();
            Assert.Equal($"/deploy/secrets/{(IsSilo(name) ? "silo" : "front-end")}", FindMount(service, directory));
            Assert.Equal(["1000"], ((YamlSequenceNode)service["group_add"]).Select(value => value.ToString()));
        }
    }

    [Fact]
    public void Silos_and_front_ends_mount_the_certificate_of_their_role_where_their_program_reads_it()
    {
        foreach (var name in FindServices(IsHost))
        {
            var service = compose.Services[name];
            var folder = FindMount(service, "/run/secrets/cluster");
            Assert.Equal($"/deploy/certificates/{(IsSilo(name) ? "silo" : "front-end")}", folder);
            string[] files = ["Certificate", "Key", "CertificateAuthority"];
            var paths = files.Select(file => service["environment"][$"Cluster__Tls__{file}"].ToString());
            Assert.Equal(
                ["/run/secrets/cluster/certificate.pem", "/run/secrets/cluster/key.pem",
                    "/run/secrets/cluster/authority.pem"],
                paths);
        }
    }

    [Fact]
    public async Task Each_service_connects_to_the_database_with_the_role_of_its_own_and_verifies_the_server()
    {
        using var folder = new TemporaryFolder();
        await ProgramRunner.RunSuccessfullyAsync(DeployFiles.GetPath("new-secrets.sh"), [folder.Root]);
        var connections = FindServices(IsHost)
            .ToDictionary(name => name, name => GetConnection(folder, compose.Services[name], "Keys"));
        connections["migrate"] = GetConnection(folder, compose.Services["migrate"], "Migrations");

        foreach (var (name, connection) in connections)
        {
            var role = name == "migrate" ? "keys_owner" : IsSilo(name) ? "keys_service" : "keys_gateways";
            Assert.Equal(role, connection.Username);
            Assert.Equal(SslMode.VerifyFull, connection.SslMode);
            Assert.Equal("postgres", connection.Host);
        }

        Assert.Equal(3, connections.Values.Select(connection => connection.Password).Distinct().Count());
        Assert.All(
            FindServices(service => IsHost(service)).Where(IsSilo),
            name => Assert.Equal(
                "service_completed_successfully",
                compose.Services[name]["depends_on"]["migrate"]["condition"].ToString()));
    }

    /// <summary>The script makes what the compose file mounts.</summary>
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task New_secrets_come_with_a_certificate_for_each_role()
    {
        using var folder = new TemporaryFolder();
        await ProgramRunner.RunSuccessfullyAsync(DeployFiles.GetPath("new-secrets.sh"), [folder.Root]);

        foreach (var role in (string[])["silo", "front-end", "validator", "proxy", "postgres"])
        {
            var files = Directory.GetFiles(Path.Combine(folder.Root, "certificates", role)).Select(Path.GetFileName);
            Assert.Equal(
                ["authority.pem", "certificate.pem", "key.pem"],
                files.Where(file => file != "haproxy.pem").Order());
            Assert.Equal(role == "proxy", files.Contains("haproxy.pem"));
        }

        var mode = File.GetUnixFileMode(Path.Combine(folder.Root, "certificates"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    [Fact]
    public void The_proxy_forwards_to_every_front_end()
    {
        var servers = File.ReadAllLines(DeployFiles.Proxy)
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("server ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2]);
        var frontEnds = compose.Services.Keys.Where(name => name.StartsWith("front-end", StringComparison.Ordinal));

        Assert.Equal(frontEnds.Order().Select(name => $"{name}:8443"), servers);
    }

    /// <summary>Returns whether a service runs a silo or a front end, which serve, unlike the migration.</summary>
    private static bool IsHost(YamlMappingNode service) =>
        service.Children.ContainsKey("build") && service.Children.ContainsKey("healthcheck");

    /// <summary>Reads a connection string from the file that a service mounts.</summary>
    private static NpgsqlConnectionStringBuilder GetConnection(
        TemporaryFolder folder, YamlMappingNode service, string name)
    {
        var mount = FindMount(service, service["environment"]["Hosting__SecretsDirectory"].ToString());
        var file = Path.Combine(folder.Root + mount["/deploy".Length..], $"ConnectionStrings__{name}");
        return new NpgsqlConnectionStringBuilder(File.ReadAllText(file).Trim());
    }

    private static bool IsSilo(string name) => name.StartsWith("silo", StringComparison.Ordinal);

    private static IEnumerable<string> GetMounts(YamlMappingNode service) =>
        service.Children.TryGetValue("volumes", out var volumes)
            ? ((YamlSequenceNode)volumes).OfType<YamlMappingNode>().Select(volume => volume["source"].ToString())
            : [];

    /// <summary>Returns the folder of the repository that is mounted, read-only, at a path.</summary>
    private static string FindMount(YamlMappingNode service, string target)
    {
        var mount = ((YamlSequenceNode)service["volumes"]).OfType<YamlMappingNode>()
            .Single(mount => mount["target"].ToString() == target);
        Assert.Equal("true", mount["read_only"].ToString());
        var source = mount["source"].ToString();
        return source[source.LastIndexOf("/deploy/", StringComparison.Ordinal)..];
    }

    private static bool IsInternal(YamlNode network) => network is YamlMappingNode settings
        && settings.Children.TryGetValue("internal", out var value) && value.ToString() == "true";

    private static IEnumerable<string> GetNetworks(YamlMappingNode service) => service["networks"] switch
    {
        YamlMappingNode map => map.Children.Keys.Select(key => key.ToString()),
        YamlSequenceNode list => list.Select(name => name.ToString()),
        _ => [],
    };

    private static IEnumerable<string> GetEnvironmentNames(YamlMappingNode service) =>
        service.Children.TryGetValue("environment", out var variables)
            ? ((YamlMappingNode)variables).Children.Keys.Select(key => key.ToString())
            : [];

    private IEnumerable<string> FindServices(Func<YamlMappingNode, bool> predicate) =>
        compose.Services.Where(service => predicate(service.Value)).Select(service => service.Key);
}
