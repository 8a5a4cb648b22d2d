using System.Runtime.Versioning;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Session;

/// <summary>Signing in, and the profiles that result.</summary>
[Collection(CliService.CollectionName)]
[UnsupportedOSPlatform("windows")]
public sealed class LoginTests(CliService service)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData("file")]
    [InlineData("input")]
    [InlineData("prompt")]
    public async Task A_key_is_read_from_a_file_the_input_or_a_hidden_prompt(string source)
    {
        var project = await service.CreateProjectAsync();
        using var cli = new CommandLine();
        string[] options = [];
        if (source == "file")
        {
            await File.WriteAllTextAsync(cli.GetPath("key"), project.ApiKey + "\n");
            options = ["--api-key-file", cli.GetPath("key"), "--url", service.Address.AbsoluteUri];
        }
        else if (source == "input")
        {
            cli.Input.Add(project.ApiKey);
            options = ["--url", service.Address.AbsoluteUri];
        }
        else
        {
            cli.IsPersonTyping = true;
            cli.Input.AddRange([project.ApiKey, service.Address.AbsoluteUri]);
        }

        var result = (await cli.RunAsync(["login", .. options])).Expect(ExitCodes.Success);

        Assert.DoesNotContain(project.ApiKey[10..], result.Text, StringComparison.Ordinal);
        cli.IsPersonTyping = false;
        Assert.Equal(project.Project.Id, await cli.ReadAsync("whoami", "--quiet"));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(cli.ProfilePath));
        Assert.Equal(
            OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(cli.ProfilePath)!));
    }

    [Fact]
    public async Task A_key_that_the_service_refuses_is_not_stored()
    {
        using var cli = new CommandLine { Input = { "sk-lw-" + new string('0', 65) } };

        (await cli.RunAsync("login", "--url", service.Address.AbsoluteUri)).Expect(ExitCodes.Denied);

        Assert.False(File.Exists(cli.ProfilePath));
    }

    [Fact]
    public async Task A_key_is_not_sent_over_plain_HTTP_to_another_machine()
    {
        using var cli = new CommandLine { Input = { "sk-lw-a" } };

        var result = (await cli.RunAsync("login", "--url", "http://192.0.2.1:5080")).Expect(ExitCodes.Usage);

        Assert.Contains("plain HTTP", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.ProfilePath));
    }

    [Fact]
    public async Task Options_precede_variables_which_precede_the_profile()
    {
        var (inProfile, inVariable, inOption) = (
            await service.CreateProjectAsync(), await service.CreateProjectAsync(), await service.CreateProjectAsync());
        using var cli = new CommandLine { Input = { inProfile.ApiKey } };
        await cli.ReadAsync("login", "--url", service.Address.AbsoluteUri);
        await File.WriteAllTextAsync(cli.GetPath("key"), inOption.ApiKey);

        Assert.Equal(inProfile.Project.Id, await cli.ReadAsync("whoami", "-q"));
        cli.Variables["KEYS_API_KEY"] = inVariable.ApiKey;
        Assert.Equal(inVariable.Project.Id, await cli.ReadAsync("whoami", "-q"));
        Assert.Equal(inOption.Project.Id, await cli.ReadAsync("whoami", "-q", "--api-key-file", cli.GetPath("key")));

        var missing = $"http://127.0.0.1:{FreePort.NextAsText()}";
        cli.Variables["KEYS_URL"] = missing;
        Assert.Equal(
            inVariable.Project.Id, await cli.ReadAsync("whoami", "-q", "--url", service.Address.AbsoluteUri));
        cli.Variables["KEYS_URL"] = "not a URL";
        (await cli.RunAsync("whoami")).Expect(ExitCodes.Usage);
    }

    [Fact]
    public async Task Each_profile_has_its_own_key()
    {
        var (first, second) = (await service.CreateProjectAsync(), await service.CreateProjectAsync());
        using var cli = new CommandLine { Input = { first.ApiKey } };
        await cli.ReadAsync("login", "--url", service.Address.AbsoluteUri);
        cli.Input[0] = second.ApiKey;
        await cli.ReadAsync("login", "--url", service.Address.AbsoluteUri, "--profile", "shop");

        Assert.Equal(first.Project.Id, await cli.ReadAsync("whoami", "-q"));
        Assert.Equal(second.Project.Id, await cli.ReadAsync("whoami", "-q", "-p", "shop"));
        cli.Variables["KEYS_PROFILE"] = "shop";
        Assert.Equal(second.Project.Id, await cli.ReadAsync("whoami", "-q"));

        await cli.ReadAsync("logout");
        var result = (await cli.RunAsync("whoami")).Expect(ExitCodes.Denied);
        Assert.Contains("keys login --profile shop", result.Error, StringComparison.Ordinal);
        (await cli.RunAsync("logout")).Expect(ExitCodes.NotFound);
        Assert.Equal(first.Project.Id, await cli.ReadAsync("whoami", "-q", "-p", "default"));
    }

    [Fact]
    public async Task A_file_of_profiles_that_others_can_read_is_refused()
    {
        var project = await service.CreateProjectAsync();
        using var cli = new CommandLine { Input = { project.ApiKey } };
        await cli.ReadAsync("login", "--url", service.Address.AbsoluteUri);
        File.SetUnixFileMode(cli.ProfilePath, OwnerOnly | UnixFileMode.GroupRead);

        var result = (await cli.RunAsync("whoami")).Expect(ExitCodes.Usage);

        Assert.Contains("chmod 600", result.Error, StringComparison.Ordinal);

        // Nothing of it is needed here.
        cli.Variables["KEYS_URL"] = service.Address.AbsoluteUri;
        cli.Variables["KEYS_API_KEY"] = project.ApiKey;
        Assert.Equal(project.Project.Id, await cli.ReadAsync("whoami", "-q"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"default": 1}""")]
    public async Task A_file_of_profiles_that_is_damaged_is_named(string content)
    {
        using var cli = new CommandLine();
        Directory.CreateDirectory(Path.GetDirectoryName(cli.ProfilePath)!);
        SecretFiles.Write(cli.ProfilePath, content);

        var result = (await cli.RunAsync("whoami")).Expect(ExitCodes.Usage);

        Assert.Contains("profiles.json", result.Error.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("is not valid", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_profile_permits_does_not_hold_for_another_address()
    {
        using var cli = new CommandLine();
        Directory.CreateDirectory(Path.GetDirectoryName(cli.ProfilePath)!);
        SecretFiles.Write(
            cli.ProfilePath,
            """{"default": {"url": "http://10.1.2.3", "api_key": "sk-lw-a", "allow_plaintext": true}}""");

        var result = (await cli.RunAsync("whoami", "--url", "http://192.0.2.1")).Expect(ExitCodes.Usage);

        Assert.Contains("plain HTTP to 192.0.2.1", result.Error, StringComparison.Ordinal);
    }
}
