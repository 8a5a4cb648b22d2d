using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The command <c>admin-key new</c> of both programs.</summary>
public sealed partial class AdminKeyCommandTests
{
    [Theory]
    [InlineData("Silo")]
    [InlineData("Api")]
    public async Task The_printed_key_is_new_has_240_random_bits_and_fits_the_printed_digest(string host)
    {
        var (key, digest, _) = await CreateAsync(host);
        var (otherKey, otherDigest, _) = await CreateAsync(host);

        Assert.Matches("^ak-lw-[0-9A-HJKMNP-TV-Z]{48}$", key);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)))}", digest);
        Assert.NotEqual(key, otherKey);
        Assert.NotEqual(digest, otherDigest);
    }

    [Fact]
    public async Task The_printed_setting_makes_a_silo_accept_the_printed_key_and_the_log_contains_neither()
    {
        var (key, digest, output) = await CreateAsync("Silo", "night-shift");
        var line = SettingPattern().Match(output);
        Assert.Equal("Keys__AdminKeys__night-shift", line.Groups["name"].Value);
        Assert.Equal(digest, line.Groups["value"].Value);

        await using var service = new EmbeddedService();
        await using var silo = await service.StartAsync(
            new Dictionary<string, string> { [line.Groups["name"].Value] = line.Groups["value"].Value });
        using var admin = silo.CreateClient(key);
        (await admin.SendAsync(HttpMethod.Get, Routes.Projects)).EnsureStatus(HttpStatusCode.OK);
        using var invalidClient = silo.CreateClient(key[..^1]);
        (await invalidClient.SendAsync(HttpMethod.Get, Routes.Projects)).EnsureStatus(HttpStatusCode.Unauthorized);

        Assert.DoesNotContain(key[..^1], silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(digest["sha256:".Length..], silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("list")]
    [InlineData("new", "two words")]
    [InlineData("new", "")]
    [InlineData("new", "ops", "more")]
    public async Task Invalid_arguments_print_the_usage_and_no_key(params string[] arguments)
    {
        foreach (var host in (string[])["Silo", "Api"])
        {
            var (exitCode, output) = await RunAsync(host, arguments);
            Assert.Equal(1, exitCode);
            Assert.StartsWith("Usage: admin-key new [name].", output, StringComparison.Ordinal);
            Assert.DoesNotContain("ak-lw-", output, StringComparison.Ordinal);
        }
    }

    private static async Task<(string Key, string Digest, string Output)> CreateAsync(
        string host, params string[] name)
    {
        var (exitCode, output) = await RunAsync(host, ["new", .. name]);
        Assert.True(exitCode == 0, output);
        return (
            Assert.Single(KeyPattern().Matches(output)).Value,
            DigestPattern().Match(output).Groups["value"].Value,
            output);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string host, string[] arguments) =>
        ProgramRunner.RunAsync("dotnet", [Repository.GetProgramPath(host), "admin-key", .. arguments]);

    [GeneratedRegex(@"ak-lw-\S+")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"^Digest +(?<value>\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex DigestPattern();

    [GeneratedRegex(@"an environment variable +(?<name>\S+?)=(?<value>\S+)")]
    private static partial Regex SettingPattern();
}
