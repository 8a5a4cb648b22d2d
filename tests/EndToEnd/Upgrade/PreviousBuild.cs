using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>The previous commit's silo, built once in a temporary folder that disposal removes.</summary>
public sealed class PreviousBuild : IAsyncDisposable, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-previous-").FullName;
    private readonly Lazy<Task<string>> _siloPath;

    public PreviousBuild() => _siloPath = new Lazy<Task<string>>(BuildAsync);

    /// <summary>The path of its program.</summary>
    public Task<string> GetSiloPathAsync() => _siloPath.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private async Task<string> BuildAsync()
    {
        var hash = await PreviousCommit.GetHashAsync() ?? throw new InvalidOperationException("There is no previous commit.");
        var source = Path.Combine(_folder, "source.tar");
        await RunAsync("git", Repository.Root, "archive", "--output", source, hash);
        await RunAsync("tar", _folder, "-xf", source);
        await RunAsync("dotnet", _folder, "build", Path.Combine("src", "Silo"), "--configuration", "Release", "--nologo",
            $"-p:SourceRevisionId={hash}", "-nodeReuse:false");
        return Path.Combine(_folder, "src", "Silo", "bin", "Release", "net10.0", "KeysCluster.Silo.dll");
    }

    private static async Task RunAsync(string program, string folder, params string[] arguments)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(
                $"{program} {arguments[0]} ended with {result.ExitCode}: {result.StandardOutput}{result.StandardError}");
        }
    }
}
