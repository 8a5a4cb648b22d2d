using System.Diagnostics;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Session;

/// <summary>The program as a process: what the tests in this process replace.</summary>
[Collection(CliService.CollectionName)]
[Trait("Speed", "slow")]
public sealed class ProcessTests(CliService service)
{
    [Fact]
    public async Task Ctrl_C_ends_the_program_with_130()
    {
        using var cli = await service.CreateCommandLineAsync();
        await cli.CreateKeyAsync();
        using var process = KeysProcess.Start(cli.Variables, "events", "--follow", "--quiet");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync());

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Wait.Timeout);

        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }

    [Fact]
    public async Task A_redirected_output_gets_no_secret_and_no_control_sequence()
    {
        using var cli = await service.CreateCommandLineAsync();
        await cli.CreateKeyAsync();

        var (exitCode, _) = await RunAsync(cli.Variables, "create", "checkout");
        var (_, list) = await RunAsync(cli.Variables, "list");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("checkout", list, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', list);
    }

    [Fact]
    public async Task Profiles_are_in_the_folder_that_a_variable_names()
    {
        var folder = Directory.CreateTempSubdirectory("keys-config-");
        try
        {
            var project = await service.CreateProjectAsync();
            var variables = new Dictionary<string, string>
            {
                ["KEYS_CONFIG_HOME"] = folder.FullName,
                ["KEYS_URL"] = service.Address.AbsoluteUri,
                ["KEYS_API_KEY"] = project.ApiKey,
            };

            var (exitCode, _) = await RunAsync(variables, "login");

            Assert.Equal(ExitCodes.Success, exitCode);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "profiles.json")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using var process = KeysProcess.Start(variables, arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Wait.Timeout);
        return (process.ExitCode, output + await error);
    }
}
