using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The command <c>pepper</c> of the silo. <c>tests/EndToEnd/Peppers</c> has its status of databases.</summary>
public sealed partial class PepperCommandTests
{
    [Fact]
    public async Task A_new_pepper_has_256_random_bits_and_a_silo_starts_with_its_setting()
    {
        var (exitCode, output) = await RunAsync("new", "night-shift");
        var (_, other) = await RunAsync("new");

        Assert.Equal(0, exitCode);
        var pepper = PepperPattern().Match(output).Groups["value"].Value;
        Assert.Equal(32, Convert.FromBase64String(pepper).Length);
        Assert.NotEqual(pepper, PepperPattern().Match(other).Groups["value"].Value);
        Assert.Contains("Keys__Peppers__night-shift", output, StringComparison.Ordinal);
        Assert.Contains("Keys:CurrentPepper=night-shift", output, StringComparison.Ordinal);
        await using var service = new EmbeddedService();
        await using var silo = await service.StartAsync(
            new Dictionary<string, string> { ["Keys__Peppers__night-shift"] = pepper });
        Assert.DoesNotContain(pepper, silo.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(service.DataDirectory, "pepper")));
    }

    [Theory]
    [InlineData]
    [InlineData("list")]
    [InlineData("new", "two words")]
    [InlineData("new", "a", "b")]
    [InlineData("status", "a", "b")]
    public async Task Invalid_arguments_print_the_usage_and_no_pepper(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Usage: pepper new [name], or pepper status [name].", output, StringComparison.Ordinal);
        Assert.DoesNotMatch(PepperPattern(), output);
    }

    [Fact]
    public async Task The_status_of_a_database_that_does_not_exist_is_an_error_in_one_message_and_creates_none()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string?> environment = new()
        {
            ["Keys__DataDirectory"] = folder.Root,
            ["Keys__Pepper"] = Convert.ToBase64String(new byte[32]),
        };

        var (exitCode, output) = await ProgramRunner.RunAsync(
            "dotnet", [Repository.GetProgramPath("Silo"), "pepper", "status"], environment);

        Assert.Equal(1, exitCode);
        Assert.Contains("The database cannot be read", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        ProgramRunner.RunAsync("dotnet", [Repository.GetProgramPath("Silo"), "pepper", .. arguments]);

    [GeneratedRegex(@"^Pepper +(?<value>\S{44})\r?$", RegexOptions.Multiline)]
    private static partial Regex PepperPattern();
}
