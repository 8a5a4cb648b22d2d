using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>The service of the snippets, and what their programs need.</summary>
public sealed partial class SnippetService : IAsyncLifetime
{
    /// <summary>Ends the programs that a script has left running.</summary>
    private const string Prologue = "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n";

    private static readonly string NodeModules = Path.Combine(Repository.Root, "docs", "node_modules");

    private readonly EmbeddedService _embedded = new();
    private ServiceProcess? _process;

    public Uri Address => _process!.Address;

    public string ApiKey => _embedded.ApiKey;

    public async Task InitializeAsync() => _process = await _embedded.StartAsync();

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
    }

    /// <summary>Runs snippets of one page as one script, in a folder like the one that the reader is in.</summary>
    /// <returns>The output.</returns>
    internal async Task<string> RunAsync(string interpreter, IEnumerable<Snippet> script, IEnumerable<Snippet> files)
    {
        var folder = Directory.CreateTempSubdirectory("keys-book-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "data"), _embedded.DataDirectory);
            Directory.CreateSymbolicLink(Path.Combine(folder, "deploy"), Path.Combine(Repository.Root, "deploy"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), NodeModules);
            var ports = new Dictionary<string, string>();
            foreach (var file in files.GroupBy(snippet => snippet.Label))
                await File.WriteAllTextAsync(Path.Combine(folder, file.Key), Join(file, ports));

            var text = Join(script, ports);
            return interpreter switch
            {
                "bash" => await RunProgramAsync("bash", ["-euo", "pipefail", "-c", Prologue + text]),
                "pwsh" => await PowerShellScript.RunAsync(text, CreateEnvironment(folder), folder),
                "node" => await RunProgramAsync("node", [await TranspileAsync(text)]),
                _ => await RunProgramAsync(interpreter, [await WriteAsync("snippets", text)]),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Task<string> RunProgramAsync(string name, string[] arguments) =>
            ProgramRunner.RunSuccessfullyAsync(name, arguments, CreateEnvironment(folder), folder);

        async Task<string> WriteAsync(string name, string text)
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, text);
            return file;
        }

        async Task<string> TranspileAsync(string text)
        {
            var source = await WriteAsync("snippets.ts", text);
            var esbuild = Path.Combine(NodeModules, ".bin", "esbuild");
            return await WriteAsync("snippets.mjs", await RunProgramAsync(esbuild, [source, "--format=esm"]));
        }
    }

    /// <summary>Joins snippets, with the address of this service and with ports that are free.</summary>
    private string Join(IEnumerable<Snippet> snippets, Dictionary<string, string> ports) =>
        DocumentedPortPattern().Replace(
            string.Concat(snippets.Select(snippet => snippet.Text))
                .Replace("http://127.0.0.1:5080", Address.ToString().TrimEnd('/'), StringComparison.Ordinal),
            match =>
            {
                if (!ports.TryGetValue(match.Value, out var port)) ports[match.Value] = port = FreePort.NextAsText();
                return port;
            });

    private Dictionary<string, string?> CreateEnvironment(string folder) => new()
    {
        ["KEYS_URL"] = Address.ToString().TrimEnd('/'),
        ["KEYS_API_KEY"] = ApiKey,
        ["KEYS_CONFIG_HOME"] = Path.Combine(folder, "profiles"),
        ["PATH"] = string.Join(
            Path.PathSeparator,
            [Path.GetDirectoryName(CommandLine.Program)!, .. ProgramRunner.SearchPath(), "/usr/sbin"]),
    };

    /// <summary>The ports of the programs in the guides.</summary>
    [GeneratedRegex(@"\b(3000|8088|9000)\b")]
    private static partial Regex DocumentedPortPattern();
}
