using System.IO.Compression;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

/// <summary>The package as <c>dotnet pack</c> makes it of this build, in a folder outside the repository.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private ZipArchive _archive = null!;

    /// <summary>Where packages are that the build of this repository needed.</summary>
    public static string NuGetPackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Folder { get; } = Directory.CreateTempSubdirectory("keys-package-").FullName;

    public IEnumerable<string> Files => _archive.Entries.Select(entry => entry.FullName);

    public string Version { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await RunDotnetAsync(
            "pack", Path.Combine(Repository.Root, "src", "Grains.Abstractions"), "--no-build",
            "--configuration", Repository.Configuration, "--output", Folder, "--nologo", "--verbosity", "quiet");
        var file = Directory.GetFiles(Folder).Single();
        Version = Path.GetFileNameWithoutExtension(file)["KeysCluster.Grains.Abstractions.".Length..];
        _archive = await ZipFile.OpenReadAsync(file);
    }

    public Task DisposeAsync()
    {
        _archive.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    public string GetPath(string file) => Path.Combine(Folder, file);

    public async Task WriteFileAsync(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(GetPath(file))!);
        await File.WriteAllTextAsync(GetPath(file), text);
    }

    public byte[] ReadBytes(string file)
    {
        using var content = _archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public string ReadText(string file) => Encoding.UTF8.GetString(ReadBytes(file)).TrimStart('\uFEFF');

    /// <summary>Runs it in the package's folder; expects success.</summary>
    /// <returns>The lines that it wrote.</returns>
    public async Task<string[]> RunDotnetAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("dotnet")
            .WithArguments(arguments)
            .WithWorkingDirectory(Folder)
            // A server that is left to wait for further builds would outlive the tests.
            .WithEnvironmentVariables(variables => variables.Set("MSBUILDDISABLENODEREUSE", "1").Set("UseSharedCompilation", "false"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.IsSuccess, $"dotnet {arguments[0]} ended with {result.ExitCode}:\n{result.StandardOutput}{result.StandardError}");
        return result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
