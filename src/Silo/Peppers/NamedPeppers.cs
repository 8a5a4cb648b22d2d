using System.Diagnostics.CodeAnalysis;
using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;

namespace KeysCluster.Silo.Peppers;

/// <summary>The valid peppers of one state of the configuration.</summary>
internal sealed class NamedPeppers
{
    /// <summary>The name of the pepper in <c>Keys:Pepper</c>.</summary>
    public const string DefaultName = "default";

    private readonly Dictionary<string, Pepper> _peppers;

    private NamedPeppers(Dictionary<string, Pepper> peppers, string currentName)
    {
        (_peppers, CurrentName) = (peppers, currentName);
        Set = new PepperSet(
            peppers[currentName],
            peppers.Where(pepper => pepper.Key != currentName).Select(pepper => pepper.Value));
    }

    /// <summary>The name of the current pepper.</summary>
    public string CurrentName { get; }

    /// <summary>The names of all peppers.</summary>
    public IEnumerable<string> Names => _peppers.Keys;

    /// <summary>The peppers without their names.</summary>
    public PepperSet Set { get; }

    /// <summary>Reads the peppers.</summary>
    /// <exception cref="StartupException">A setting is missing or invalid.</exception>
    public static NamedPeppers Read(IConfiguration configuration)
    {
        var options = new PepperOptions();
        options.Read(configuration);
        return TryCreate(options, out var peppers, out var errors)
            ? peppers
            : throw new StartupException(string.Join(Environment.NewLine, errors));
    }

    /// <summary>Checks the settings of all peppers.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="peppers">The peppers; null if there is an error.</param>
    /// <param name="errors">A message for each violation, which contains no value of a pepper.</param>
    public static bool TryCreate(
        PepperOptions options, [NotNullWhen(true)] out NamedPeppers? peppers, out IReadOnlyList<string> errors)
    {
        var named = new Dictionary<string, Pepper>(StringComparer.OrdinalIgnoreCase);
        var found = new List<string>();
        if (!string.IsNullOrWhiteSpace(options.Pepper))
        {
            if (TryParse(options.Pepper, out var key)) named[DefaultName] = new Pepper(key);
            else found.Add($"Keys:Pepper must be at least {Pepper.MinLength} bytes in base64.");
        }

        foreach (var (name, text) in options.Peppers) AddNamed(name, text, named, found);
        AddDuplicates(options, found);
        if (named.Count > PepperSet.MaxCount) found.Add($"There are more than {PepperSet.MaxCount} peppers.");
        if (named.Count == 0 && found.Count == 0)
        {
            found.Add($"Keys:Pepper is missing: set it to at least {Pepper.MinLength} random bytes in base64, the same "
                + "on every silo.");
        }

        var current = found.Count == 0 ? FindCurrent(options, named, found) : null;
        errors = found;
        peppers = current is null ? null : new NamedPeppers(named, current);
        return peppers is not null;
    }

    /// <summary>Returns the name of the pepper with an id; null if there is none.</summary>
    public string? FindName(string id) => _peppers.FirstOrDefault(pepper => pepper.Value.Id == id).Key;

    /// <summary>Returns the id of the pepper with a name.</summary>
    public string GetId(string name) => _peppers[name].Id;

    /// <summary>Returns whether the peppers and the current one are the same.</summary>
    public bool HasSamePeppers(NamedPeppers other) => Set.Current.Id == other.Set.Current.Id
        && Set.All.Select(pepper => pepper.Id).Order().SequenceEqual(other.Set.All.Select(pepper => pepper.Id).Order());

    private static void AddNamed(string name, string? text, Dictionary<string, Pepper> named, List<string> errors)
    {
        // Does not repeat the name: it may be a pepper in the wrong place.
        if (!SettingName.IsValid(name))
            errors.Add($"A name under Keys:Peppers is invalid: a name has {SettingName.Rule}.");
        else if (!TryParse(text, out var key))
            errors.Add($"Keys:Peppers:{name} must be at least {Pepper.MinLength} bytes in base64.");
        else if (!named.TryAdd(name, Pepper.WithHashKeys(key)))
            errors.Add("Keys:Peppers:default and Keys:Pepper have the same name: rename or remove one.");
    }

    /// <summary>
    /// The hashes under Keys:Pepper have another form, so its value under a name would be another pepper.
    /// </summary>
    private static void AddDuplicates(PepperOptions options, List<string> errors)
    {
        var names = new Dictionary<string, string>();
        foreach (var (setting, text) in options.Peppers
            .Select(pepper => ($"Keys:Peppers:{pepper.Name}", pepper.Text))
            .Prepend(("Keys:Pepper", options.Pepper)))
        {
            if (!TryParse(text, out var key)) continue;
            if (!names.TryAdd(Convert.ToHexString(key), setting))
                errors.Add($"{names[Convert.ToHexString(key)]} and {setting} are the same pepper: remove one.");
        }
    }

    private static string? FindCurrent(PepperOptions options, Dictionary<string, Pepper> named, List<string> errors)
    {
        var name = options.CurrentPepper?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            if (named.Count == 1) return named.Keys.Single();
            if (named.ContainsKey(DefaultName)) return DefaultName;
            errors.Add("Keys:CurrentPepper is missing: set it to the name of one of the peppers.");
            return null;
        }

        // In the form of the setting that defines the pepper.
        if (named.Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        errors.Add("Keys:CurrentPepper is not the name of a pepper: set Keys:Peppers:{name} first.");
        return null;
    }

    private static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (text is null) return false;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < Pepper.MinLength) return false;
        key = bytes[..length];
        return true;
    }
}
