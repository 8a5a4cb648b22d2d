using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Every file passes the linter of its format, and each linter rejects a broken file.</summary>
public sealed class LinterTests
{
    private static readonly Dictionary<string, string?> Secrets = new()
    {
        ["KEYS_FILES_GROUP"] = "1000",
    };

    [Fact]
    public Task The_Dockerfile_passes_its_linter() => AssertPassesAsync(LintDockerfileAsync(DeployFiles.Dockerfile));

    [Fact]
    public Task The_compose_file_is_valid() => AssertPassesAsync(LintComposeAsync(DeployFiles.Compose, Secrets));

    [Fact]
    public async Task The_compose_file_requires_every_secret()
    {
        foreach (var name in Secrets.Keys)
        {
            var incomplete = Secrets.ToDictionary(pair => pair.Key, pair => pair.Key == name ? "" : pair.Value);
            var (exitCode, output) = await LintComposeAsync(DeployFiles.Compose, incomplete);
            Assert.NotEqual(0, exitCode);
            Assert.Contains("run deploy/new-secrets.sh", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task HAProxy_accepts_its_configuration() => AssertPassesAsync(LintProxyAsync(DeployFiles.Proxy));

    [Fact]
    public Task Every_YAML_file_passes_its_linter() => AssertPassesAsync(LintYamlAsync(DeployFiles.Folder));

    [Fact]
    public Task Every_script_passes_its_linter() => AssertPassesAsync(LintScriptsAsync(
    [
        .. Directory.GetFiles(DeployFiles.Folder, "*.sh"),
        Path.Combine(Repository.Root, "tests", "run.sh"),
        Path.Combine(Repository.Root, ".ci", "run"),
    ]));

    [Theory]
    [InlineData("Dockerfile", "ENTRYPOINT", "ENTRIPOINT")]
    [InlineData("Dockerfile", "EXPOSE 8080", "EXPOSE http")]
    [InlineData("compose.yaml", "condition: service_healthy", "conditions: service_healthy")]
    [InlineData("compose.yaml", "restart: unless-stopped", "restarts: unless-stopped")]
    [InlineData("haproxy.cfg", "balance leastconn", "balance leastcon")]
    [InlineData("haproxy.cfg", "acl is_read method", "acl is_reading method")]
    [InlineData("silo.yaml", "  replicas: 3", "  replicas: 3\n  replicas: 4")]
    [InlineData("new-secrets.sh", "[ -e \"$secrets\" ]", "[ -e $secrets ]")]
    public async Task Each_linter_rejects_a_broken_file(string name, string text, string replacement)
    {
        using var folder = new TemporaryFolder();
        var file = Directory.GetFiles(DeployFiles.Folder, name, SearchOption.AllDirectories).Single();
        var copy = folder.CreateBrokenCopy(file, text, replacement);

        var (exitCode, _) = await (name switch
        {
            "Dockerfile" => LintDockerfileAsync(copy),
            "compose.yaml" => LintComposeAsync(copy, Secrets),
            "haproxy.cfg" => LintProxyAsync(copy),
            "new-secrets.sh" => LintScriptsAsync(copy),
            _ => LintYamlAsync(copy),
        });

        Assert.NotEqual(0, exitCode);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task Generated_secrets_are_readable_by_no_other_user_and_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        var script = DeployFiles.GetPath("new-secrets.sh");

        await ProgramRunner.RunSuccessfullyAsync(script, [folder.Root]);
        var pepper = Path.Combine(folder.Root, "secrets", "silo", "Keys__Pepper");
        var before = await File.ReadAllTextAsync(pepper);
        var (exitCode, _) = await ProgramRunner.RunAsync(script, [folder.Root]);

        Assert.NotEqual(0, exitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(pepper));
        Assert.True(Convert.FromBase64String(before.Trim()).Length >= 32);
        Assert.True(
            (await File.ReadAllTextAsync(Path.Combine(folder.Root, "secrets", "silo", "Keys__AdminKey"))).Length >= 32);
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var name in (string[])["secrets", "certificates"])
        {
            var path = Path.Combine(folder.Root, name);
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            foreach (var file in Directory.GetFiles(path, "*", SearchOption.AllDirectories))
                Assert.Equal(default, File.GetUnixFileMode(file) & (others | UnixFileMode.GroupWrite));
        }
    }

    private static async Task AssertPassesAsync(Task<(int ExitCode, string Output)> linter)
    {
        var (exitCode, output) = await linter;
        Assert.True(exitCode == 0, output);
    }

    private static Task<(int ExitCode, string Output)> LintDockerfileAsync(string file)
    {
        var modules = Path.Combine(Repository.Root, "tests", "Deployment", "linters", "node_modules");
        var linter = Path.Combine(modules, "dockerfile-utils", "bin", "dockerfile-utils");
        return ProgramRunner.RunAsync("node", [linter, "lint", file]);
    }

    private static Task<(int ExitCode, string Output)> LintComposeAsync(
        string file, IReadOnlyDictionary<string, string?> environment) =>
        ProgramRunner.RunAsync("docker-compose", ["--file", file, "config", "--quiet"], environment);

    /// <summary>HAProxy reads the certificates, whose folder is another one here.</summary>
    private static async Task<(int ExitCode, string Output)> LintProxyAsync(string file)
    {
        using var folder = new TemporaryFolder();
        await ProgramRunner.RunSuccessfullyAsync(DeployFiles.GetPath("new-certificates.sh"), [folder.Root, "proxy"]);
        var copy = folder.CreateBrokenCopy(file, "/run/secrets/proxy", Path.Combine(folder.Root, "proxy"));
        return await ProgramRunner.RunAsync("haproxy", ["-c", "-q", "-f", copy]);
    }

    private static Task<(int ExitCode, string Output)> LintScriptsAsync(params string[] files) =>
        ProgramRunner.RunAsync("shellcheck", files);

    private static Task<(int ExitCode, string Output)> LintYamlAsync(string path) =>
        ProgramRunner.RunAsync("yamllint", ["--strict", "-c", DeployFiles.GetPath(".yamllint.yaml"), path]);
}
