using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Each file by its own linter; each linter also on a broken copy, so that it is known to find something.</summary>
public sealed class LinterTests
{
    private static readonly Dictionary<string, string?> Secrets = new()
    {
        ["POSTGRES_PASSWORD"] = "password",
        ["KEYS_ADMIN_KEY"] = "admin",
        ["KEYS_PEPPER"] = "pepper",
    };

    [Fact]
    public Task The_Dockerfile_is_clean() => Tool.Succeeds("node", DockerfileLint(Deploy.Dockerfile));

    [Fact]
    public Task The_compose_file_fits_its_schema() => Tool.Succeeds("docker-compose", ComposeConfig(Deploy.Compose), Secrets);

    [Fact]
    public async Task The_compose_file_asks_for_each_secret()
    {
        foreach (var name in Secrets.Keys)
        {
            var without = Secrets.ToDictionary(pair => pair.Key, pair => pair.Key == name ? "" : pair.Value);
            var (exitCode, output) = await Tool.Run("docker-compose", ComposeConfig(Deploy.Compose), without);
            Assert.NotEqual(0, exitCode);
            Assert.Contains("run deploy/new-secrets.sh", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task The_proxy_accepts_its_configuration() => Tool.Succeeds("haproxy", ["-c", "-q", "-f", Deploy.Proxy]);

    [Fact]
    public Task Every_YAML_file_is_clean() =>
        Tool.Succeeds("yamllint", ["--strict", "-c", Deploy.PathOf(".yamllint.yaml"), Deploy.Folder]);

    [Fact]
    public Task Every_script_is_clean() => Tool.Succeeds("shellcheck",
        [.. Directory.GetFiles(Deploy.Folder, "*.sh"), Path.Combine(Repository.Root, "tests", "run.sh"), Path.Combine(Repository.Root, ".ci", "run")]);

    [Theory]
    [InlineData("Dockerfile", "ENTRYPOINT", "ENTRIPOINT")]
    [InlineData("Dockerfile", "EXPOSE 8080", "EXPOSE http")]
    [InlineData("compose.yaml", "condition: service_healthy", "conditions: service_healthy")]
    [InlineData("compose.yaml", "restart: unless-stopped", "restarts: unless-stopped")]
    [InlineData("haproxy.cfg", "balance leastconn", "balance leastcon")]
    [InlineData("haproxy.cfg", "acl is_read method", "acl is_reading method")]
    [InlineData("silo.yaml", "  replicas: 3", "  replicas: 3\n  replicas: 4")]
    [InlineData("new-secrets.sh", "[ -e \"$file\" ]", "[ -e $file ]")]
    public async Task Each_linter_finds_what_is_wrong(string name, string text, string replacement)
    {
        using var folder = new TemporaryFolder();
        var copy = folder.BrokenCopy(Directory.GetFiles(Deploy.Folder, name, SearchOption.AllDirectories).Single(), text, replacement);

        var (exitCode, _) = name switch
        {
            "Dockerfile" => await Tool.Run("node", DockerfileLint(copy)),
            "compose.yaml" => await Tool.Run("docker-compose", ComposeConfig(copy), Secrets),
            "haproxy.cfg" => await Tool.Run("haproxy", ["-c", "-q", "-f", copy]),
            "new-secrets.sh" => await Tool.Run("shellcheck", [copy]),
            _ => await Tool.Run("yamllint", ["--strict", "-c", Deploy.PathOf(".yamllint.yaml"), copy]),
        };

        Assert.NotEqual(0, exitCode);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task New_secrets_are_their_owners_only_and_never_written_over()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Root, "secrets.env");

        await Tool.Succeeds(Deploy.PathOf("new-secrets.sh"), [file]);
        var (exitCode, _) = await Tool.Run(Deploy.PathOf("new-secrets.sh"), [file]);

        Assert.NotEqual(0, exitCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var secrets = File.ReadAllLines(file).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Subset(secrets.Keys.ToHashSet(), Secrets.Keys.ToHashSet());
        Assert.True(Convert.FromBase64String(secrets["KEYS_PEPPER"]).Length >= 32);
        Assert.True(secrets["KEYS_ADMIN_KEY"].Length >= 32);
    }

    private static string[] DockerfileLint(string file) =>
        [Path.Combine(Repository.Root, "tests", "Deployment", "linters", "node_modules", "dockerfile-utils", "bin", "dockerfile-utils"), "lint", file];

    private static string[] ComposeConfig(string file) => ["--file", file, "config", "--quiet"];
}
