using System.Text;
using KeysCluster.Files;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Silo.Embedded;

namespace KeysCluster.Silo.Moves;

/// <summary>The settings of the embedded service that the silos need: the peppers, and the admin keys.</summary>
internal sealed class ClusterSecrets
{
    private const string Configured = "the settings of the embedded service";
    private const string PepperSetting = "Keys:Pepper";

    private readonly List<(string Name, string Value, string Source)> _settings = [];

    private ClusterSecrets(IConfiguration configuration) => Configuration = configuration;

    /// <summary>The settings, with those of the data directory.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>The settings without their values.</summary>
    public IReadOnlyList<SettingReport> Reports =>
        [.. _settings.Select(setting => new SettingReport(setting.Name, setting.Source))];

    /// <summary>Reads the settings as a start of the embedded service does.</summary>
    public static ClusterSecrets Read(IConfiguration configured, DataDirectory data, string path)
    {
        var pepper = string.IsNullOrWhiteSpace(configured[PepperSetting])
            ? data.Use(folder => folder.FindPepper())
            : null;
        var configuration = new ConfigurationBuilder().AddConfiguration(configured);
        if (pepper is not null) configuration.AddInMemoryCollection([new(PepperSetting, pepper)]);
        var secrets = new ClusterSecrets(configuration.Build());

        if (pepper is not null) secrets.Add(PepperSetting, pepper, Path.Combine(path, "pepper"));
        else secrets.AddConfigured(PepperSetting);
        secrets.AddConfigured("Keys:CurrentPepper");
        secrets.AddSection("Keys:Peppers");
        secrets.AddAdminKey(configured["Keys:AdminKey"], data);
        secrets.AddSection("Keys:AdminKeys");
        return secrets;
    }

    /// <summary>Ensures that a folder has no other values.</summary>
    /// <exception cref="MoveException">It has.</exception>
    public void EnsureWritable(string folder)
    {
        foreach (var (name, value, _) in _settings)
        {
            var file = Path.Combine(folder, name);
            if (File.Exists(file) && File.ReadAllText(file).Trim() != value)
                throw new MoveException(MoveFailure.Refused, $"The file {file} has another value. Name a new folder.");
        }
    }

    /// <summary>Writes each setting to a file that only its owner can read.</summary>
    public void Write(string folder)
    {
        OwnerOnlyFile.CreateFolder(folder);
        foreach (var (name, value, _) in _settings)
        {
            var file = Path.Combine(folder, name);
            if (File.Exists(file)) continue;

            // A file that was written in part would be another value.
            var draft = file + ".new";
            File.Delete(draft);
            using (var output = OwnerOnlyFile.Create(draft))
            {
                output.Write(Encoding.ASCII.GetBytes(value + "\n"));
                output.Flush(flushToDisk: true);
            }

            File.Move(draft, file);
        }
    }

    /// <summary>The silos need only the digest of an admin key.</summary>
    private void AddAdminKey(string? configured, DataDirectory data)
    {
        var source = string.IsNullOrWhiteSpace(configured) ? data.AdminKeyFile : Configured;
        var key = source == Configured ? configured
            : File.Exists(data.AdminKeyFile) ? data.Use(folder => folder.GetOrCreateAdminKey())
            : null;
        if (key is null) return;
        Add(
            $"Keys:AdminKeys:{AdminKeyName.Default}", AdminKeyDigest.Compute(key.Trim()).ToSetting(),
            $"the digest of the admin key in {source}");
    }

    private void AddSection(string section)
    {
        foreach (var (name, value) in Configuration.GetSection(section).AsEnumerable())
            if (!string.IsNullOrWhiteSpace(value)) Add(name, value.Trim(), Configured);
    }

    private void AddConfigured(string name)
    {
        if (Configuration[name] is { } value && !string.IsNullOrWhiteSpace(value)) Add(name, value.Trim(), Configured);
    }

    private void Add(string name, string value, string source) =>
        _settings.Add((name.Replace(":", "__", StringComparison.Ordinal), value, source));
}
