using System.Net;
using YamlDotNet.RepresentationModel;

namespace KeysCluster.Deployment.Tests;

/// <summary>The compose file, with its anchors resolved, against the images and itself.</summary>
public sealed class ComposeTests
{
    private static readonly YamlMappingNode ComposeFile = LoadComposeFile();

    private static readonly Dictionary<string, YamlMappingNode> Services = ((YamlMappingNode)ComposeFile["services"])
        .ToDictionary(pair => pair.Key.ToString(), pair => (YamlMappingNode)pair.Value);

    [Fact]
    public void The_file_defines_two_silos_two_front_ends_a_database_and_a_proxy() => Assert.Equal(
        ["front-end-1", "front-end-2", "postgres", "proxy", "silo-1", "silo-2"], Services.Keys.Order());

    [Fact]
    public void Only_the_proxy_publishes_a_port_and_joins_the_external_network()
    {
        Assert.Equal(["proxy"], Services.Where(service => service.Value.Children.ContainsKey("ports")).Select(service => service.Key));

        var open = ((YamlMappingNode)ComposeFile["networks"])
            .Where(network => !(network.Value is YamlMappingNode settings && settings.Children.TryGetValue("internal", out var inside) && inside.ToString() == "true"))
            .Select(network => network.Key.ToString());
        var outside = Assert.Single(open);
        Assert.Equal(["proxy"], Services.Where(service => GetNetworks(service.Value).Contains(outside)).Select(service => service.Key));
    }

    [Fact]
    public void Images_and_health_checks_match_the_Dockerfile()
    {
        var dockerfile = DeployFiles.ReadText(DeployFiles.Dockerfile);
        foreach (var (name, service) in Services.Where(service => service.Value.Children.ContainsKey("build")))
        {
            var target = service["build"]["target"].ToString();
            Assert.Contains($" AS {target}\n", dockerfile, StringComparison.Ordinal);
            var check = ((YamlSequenceNode)service["healthcheck"]["test"]).Select(part => part.ToString()).ToList();
            Assert.Equal(["CMD", "dotnet", target == "silo" ? "KeysCluster.Silo.dll" : "KeysCluster.Api.dll", "healthcheck", "ready"], check);
            Assert.Equal("45s", service["stop_grace_period"].ToString());
            Assert.Equal(name.StartsWith("silo", StringComparison.Ordinal) ? "silo" : "api", target);
        }
    }

    [Fact]
    public void Only_silos_receive_the_pepper_and_each_advertises_its_own_address()
    {
        Assert.Equal(["silo-1", "silo-2"], Services.Where(service => GetEnvironmentNames(service.Value).Contains("Keys__Pepper")).Select(service => service.Key).Order());

        var subnet = IPNetwork.Parse(ComposeFile["networks"]["cluster"]["ipam"]["config"][0]["subnet"].ToString());
        var addresses = Services.Where(service => service.Key.StartsWith("silo", StringComparison.Ordinal)).Select(service =>
        {
            var address = service.Value["environment"]["Cluster__AdvertisedAddress"].ToString();
            Assert.Equal(service.Value["networks"]["cluster"]["ipv4_address"].ToString(), address);
            return IPAddress.Parse(address);
        }).ToList();
        Assert.All(addresses, address => Assert.True(subnet.Contains(address)));
        Assert.Distinct(addresses);
    }

    [Fact]
    public void The_proxy_forwards_to_every_front_end()
    {
        var servers = DeployFiles.ReadText(DeployFiles.Proxy).Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("server ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);

        Assert.Equal(Services.Keys.Where(name => name.StartsWith("front-end", StringComparison.Ordinal)).Order().Select(name => $"{name}:8080"), servers);
    }

    private static IEnumerable<string> GetNetworks(YamlMappingNode service) => service["networks"] switch
    {
        YamlMappingNode map => map.Children.Keys.Select(key => key.ToString()),
        YamlSequenceNode list => list.Select(name => name.ToString()),
        _ => [],
    };

    private static IEnumerable<string> GetEnvironmentNames(YamlMappingNode service) =>
        service.Children.TryGetValue("environment", out var variables) ? ((YamlMappingNode)variables).Children.Keys.Select(key => key.ToString()) : [];

    private static YamlMappingNode LoadComposeFile()
    {
        var secrets = new Dictionary<string, string?> { ["POSTGRES_PASSWORD"] = "a", ["KEYS_ADMIN_KEY"] = "b", ["KEYS_PEPPER"] = "c" };
        var (exitCode, output) = CommandRunner.RunAsync("docker-compose", ["--file", DeployFiles.Compose, "config"], secrets).GetAwaiter().GetResult();
        Assert.True(exitCode == 0, output);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(output));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
