using System.Globalization;
using System.Security.Cryptography;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Peppers;

/// <summary>The folder in which silos find their peppers, one per file.</summary>
internal sealed class PepperFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("keys-peppers-").FullName;

    /// <summary>Creates settings of a silo that has no peppers but those in the folder.</summary>
    public Dictionary<string, string> CreateSettings(Dictionary<string, string> settings)
    {
        settings.Remove("Keys:Pepper");
        settings["Hosting:SecretsDirectory"] = _path;
        settings["Hosting:DrainDelay"] = "00:00:00";
        return settings;
    }

    public void WriteNew(string setting) =>
        Write(setting, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    public void Write(string setting, string value) =>
        SecretFiles.Write(Path.Combine(_path, setting), value + "\n");

    public void Remove(string setting) => File.Delete(Path.Combine(_path, setting));

    /// <summary>Runs <c>pepper status</c>, and returns its output.</summary>
    public static Task<string> GetStatusAsync(Dictionary<string, string> settings, params string[] arguments) =>
        ProgramRunner.RunSuccessfullyAsync(
            "dotnet",
            [Repository.GetProgramPath("Silo"), "pepper", "status", .. arguments],
            settings.ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                string? (setting) => setting.Value));

    /// <summary>
    /// Returns the numbers in the row of a pepper: secrets, retiring ones, API keys, retiring ones, retries, states.
    /// </summary>
    public static int[] GetCounts(string status, string pepper)
    {
        var row = status.Split('\n').Single(line => line.StartsWith(pepper + " ", StringComparison.Ordinal));
        var counts = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..];
        return [.. counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
