using KeysCluster.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace KeysCluster.Hosting;

internal static class SecretsDirectoryExtensions
{
    /// <summary>
    /// Adds the files in <see cref="SecretsDirectoryOptions.SecretsDirectory"/> as a source of configuration, if it is
    /// set. It overrides <c>appsettings.json</c>; environment variables and the command line override it.
    /// </summary>
    /// <exception cref="StartupException">
    /// The folder does not exist or cannot be read, or others can read a file in it.
    /// </exception>
    public static void AddSecretsDirectory(this WebApplicationBuilder builder, bool requiresPrivateFiles)
    {
        var options = builder.Configuration.GetSection("Hosting").Get<SecretsDirectoryOptions>();
        if (string.IsNullOrWhiteSpace(options?.SecretsDirectory)) return;

        var path = Path.GetFullPath(options.SecretsDirectory);
        try
        {
            foreach (var file in Directory.EnumerateFiles(path))
            {
                if (requiresPrivateFiles && SecretFile.FindProblem(file, isGroupReader: true) is { } problem)
                    throw new StartupException(problem);
            }

            var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
            var lastFile = sources.OfType<JsonConfigurationSource>().Last();
            sources.Insert(sources.IndexOf(lastFile) + 1, CreateSource(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Hosting:SecretsDirectory cannot be read: {exception.Message}");
        }
    }

    private static KeyPerFileConfigurationSource CreateSource(string path) => new()
    {
        // Kubernetes replaces mounted secrets by replacing a hidden link, which events of the file system do not
        // report for the files themselves. Polling, every four seconds, follows links.
        FileProvider = new PhysicalFileProvider(path) { UsePollingFileWatcher = true, UseActivePolling = true },
        ReloadOnChange = true,
        Optional = false,
    };
}
