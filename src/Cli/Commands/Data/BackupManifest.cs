using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Files;

namespace KeysCluster.Cli.Commands.Data;

/// <summary>
/// What a backup contains. It is the last file that a backup writes: without it, the backup is incomplete.
/// </summary>
/// <param name="CreatedAt">When the backup began.</param>
/// <param name="Sha256">The hash of the database file, in lower-case hexadecimal digits.</param>
/// <param name="Contents">What the database contains.</param>
internal sealed record BackupManifest(DateTimeOffset CreatedAt, string Sha256, DatabaseContents Contents)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static string GetPath(DirectoryInfo backup) => Path.Combine(backup.FullName, "manifest.json");

    public static BackupManifest Read(DirectoryInfo backup)
    {
        var path = GetPath(backup);
        if (!File.Exists(path))
            throw new CliException($"{backup.FullName} is not a complete backup: it has no manifest.json.");
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(path), Options)
                ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException exception)
        {
            throw new CliException($"The file {path} is not valid: {exception.Message}");
        }
    }

    public void Write(DirectoryInfo backup)
    {
        using var file = OwnerOnlyFile.Create(GetPath(backup));
        JsonSerializer.Serialize(file, this, Options);
        file.Flush(flushToDisk: true);
    }
}
