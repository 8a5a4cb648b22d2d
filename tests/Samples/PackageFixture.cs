using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

/// <summary>The packages that <c>dotnet pack</c> creates from this build, in a folder outside the repository.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private NuGetPackage? _abstractions;
    private NuGetPackage? _validation;
    private NuGetPackage? _client;
    private NuGetPackage? _cli;

    /// <summary>The folder of the packages, and of the project that uses them.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("keys-package-").FullName;

    /// <summary>The package of the grain contracts.</summary>
    internal NuGetPackage Abstractions => _abstractions ?? throw new InvalidOperationException("Not packed.");

    /// <summary>The package of the validator.</summary>
    internal NuGetPackage Validation => _validation ?? throw new InvalidOperationException("Not packed.");

    /// <summary>The package of the REST client.</summary>
    internal NuGetPackage Client => _client ?? throw new InvalidOperationException("Not packed.");

    /// <summary>The package of the command line, which is a .NET tool.</summary>
    internal NuGetPackage CommandLine => _cli ?? throw new InvalidOperationException("Not packed.");

    /// <summary>The packages of libraries.</summary>
    internal IReadOnlyList<NuGetPackage> Libraries => [Abstractions, Validation, Client];

    public async Task InitializeAsync()
    {
        _abstractions = await PackAsync("Grains.Abstractions");
        _validation = await PackAsync("Validation");
        _client = await PackAsync("Client");
        _cli = await PackAsync("Cli");

        // MSBuild and NuGet would search the parent folders for these files.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            await WriteFileAsync(file, "<Project />");
        await WriteFileAsync("NuGet.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="." />
                <add key="dependencies" value="{Path.Combine(AppContext.BaseDirectory, "packages")}" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        _abstractions?.Dispose();
        _validation?.Dispose();
        _client?.Dispose();
        _cli?.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    public string GetPath(string file) => Path.Combine(Folder, file);

    public async Task WriteFileAsync(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(GetPath(file))!);
        await File.WriteAllTextAsync(GetPath(file), text);
    }

    /// <summary>Runs <c>dotnet</c> in the folder, expects success and returns the lines of its output.</summary>
    public async Task<string[]> RunDotnetAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("dotnet")
            .WithArguments(arguments)
            .WithWorkingDirectory(Folder)
            // The user's home folder, with its packages and NuGet settings, is not used. Build servers that wait for
            // further builds would outlive the tests.
            .WithEnvironmentVariables(variables => variables
                .Set("DOTNET_CLI_HOME", GetPath("home"))
                .Set("NUGET_PACKAGES", GetPath("restored"))
                .Set("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false")
                .Set("DOTNET_NOLOGO", "true")
                .Set("MSBUILDDISABLENODEREUSE", "1")
                .Set("UseSharedCompilation", "false"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(
            result.IsSuccess,
            $"dotnet {arguments[0]} exited with {result.ExitCode}:\n{result.StandardOutput}{result.StandardError}");
        return result.StandardOutput.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private async Task<NuGetPackage> PackAsync(string project)
    {
        await RunDotnetAsync(
            "pack", Path.Combine(Repository.Root, "src", project), "--no-build", "--nologo", "--verbosity", "quiet",
            "--configuration", Repository.Configuration, "--output", Folder);
        return await NuGetPackage.OpenAsync(Folder, $"KeysCluster.{project}");
    }
}
