using System.Text.RegularExpressions;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>The output of <c>keys doctor</c>. The checks are tested in <c>tests/EndToEnd</c>.</summary>
public sealed partial class DoctorTests
{
    [Fact]
    public async Task A_running_service_has_no_problem_and_its_JSON_is_stable()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var cli = new CommandLine();

        var result = await cli.RunAsync("doctor", "--data-directory", service.DataDirectory, "--json");

        result.Expect(ExitCodes.Success);
        var json = VersionPattern().Replace(
            result.Output.Replace(service.DataDirectory, "<folder>", StringComparison.Ordinal), "SQLite <version>");
        Snapshot.AssertJsonMatches(Path.Combine("json", "doctor.json"), json);
    }

    [Fact]
    public async Task A_problem_is_shown_with_its_cure_and_has_an_exit_code()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var cli = new CommandLine();
        string[] doctor = ["doctor", "--data-directory", service.DataDirectory, "--set"];

        var warning = await cli.RunAsync([.. doctor, "Keys:CacheByte=1048576"]);
        var error = await cli.RunAsync([.. doctor, "Keys:CacheBytes=1", "--quiet"]);
        var secret = await cli.RunAsync([.. doctor, "Keys:AdminKey=0123456789abcdef0123456789abcdef", "--json"]);
        var malformed = await cli.RunAsync([.. doctor, "Keys:CacheBytes"]);

        warning.Expect(ExitCodes.Warnings);
        Assert.Contains("Keys:CacheBytes", warning.Output, StringComparison.Ordinal);
        Assert.Contains("docs/configuration.md", warning.Output, StringComparison.Ordinal);
        error.Expect(ExitCodes.Failure);
        Assert.Equal("settings", error.Output.Trim());
        secret.Expect(ExitCodes.Failure);
        Assert.Contains("Keys:AdminKey is on the command line", secret.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", secret.Output, StringComparison.Ordinal);
        malformed.Expect(ExitCodes.Usage);
    }

    [GeneratedRegex(@"SQLite \d+(\.\d+)+")]
    private static partial Regex VersionPattern();
}
