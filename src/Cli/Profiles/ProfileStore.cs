using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Files;

namespace KeysCluster.Cli.Profiles;

/// <summary>The profiles of a user, in a file that only its owner can read.</summary>
internal sealed class ProfileStore(string path)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public string Path => path;

    /// <summary>Returns where the profiles of the user are.</summary>
    public static string GetDefaultPath(Func<string, string?> getVariable)
    {
        var folder = getVariable("KEYS_CONFIG_HOME") is { Length: > 0 } configured
            ? configured
            : System.IO.Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "keyscluster");
        return System.IO.Path.Combine(folder, "profiles.json");
    }

    public KeysProfile? Find(string name) => Read().GetValueOrDefault(name);

    public void Save(string name, KeysProfile profile)
    {
        var profiles = Read();
        profiles[name] = profile;
        Write(profiles);
    }

    /// <summary>Removes a profile; false if there is none.</summary>
    public bool Remove(string name)
    {
        var profiles = Read();
        if (!profiles.Remove(name)) return false;
        Write(profiles);
        return true;
    }

    private Dictionary<string, KeysProfile> Read()
    {
        if (!File.Exists(path)) return [];
        if (SecretFile.FindProblem(path, isGroupReader: false) is { } problem) throw new CliException(problem);
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, KeysProfile>>(File.ReadAllText(path), Options) ?? [];
        }
        catch (JsonException exception)
        {
            throw new CliException($"The file {path} is not valid: {exception.Message}");
        }
    }

    /// <summary>Replaces the file as a whole, so that a crash loses nothing.</summary>
    private void Write(Dictionary<string, KeysProfile> profiles)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        OwnerOnlyFile.CreateFolder(folder);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = OwnerOnlyFile.Create(temporary)) JsonSerializer.Serialize(file, profiles, Options);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
