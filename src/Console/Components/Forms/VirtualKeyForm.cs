using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Client;
using Microsoft.Extensions.Primitives;

namespace KeysCluster.WebConsole.Components.Forms;

/// <summary>Turns a virtual key into the texts of a form, and these into a request.</summary>
public static class VirtualKeyForm
{
    /// <summary>The names of the entries of the metadata.</summary>
    public const string MetadataNames = "metadata";

    /// <summary>Their values, in the same order.</summary>
    public const string MetadataValues = "metadata_value";

    private static readonly string[] TextFields =
    [
        "name", "description", "external_id", "permissions", "allowed_ips", "expires_at", "provider_credential_ids",
        "config",
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,

        // The page encodes it for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Returns an empty form.</summary>
    public static FormState CreateEmpty() => new(new Dictionary<string, StringValues>());

    /// <summary>Returns a form with what is saved.</summary>
    public static FormState Show(VirtualKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new FormState(new Dictionary<string, StringValues>
        {
            ["name"] = key.Name,
            ["description"] = key.Description?.ReplaceLineEndings("\n"),
            ["external_id"] = key.ExternalId,
            ["permissions"] = FormText.JoinLines(key.Permissions),
            ["allowed_ips"] = FormText.JoinLines(key.AllowedIps),
            ["expires_at"] = FormState.Format(key.ExpiresAt),
            ["provider_credential_ids"] = FormText.JoinLines(key.ProviderCredentialIds),
            ["config"] = FormatConfig(key.Config),
            [MetadataNames] = key.Metadata.Keys.ToArray(),
            [MetadataValues] = key.Metadata.Values.Select(value => value.ReplaceLineEndings("\n")).ToArray(),
        });
    }

    /// <summary>Returns the key to create. What cannot be read is an error of the form.</summary>
    public static CreateVirtualKey ReadNew(FormState form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return new CreateVirtualKey
        {
            Name = form["name"].Trim(),
            Description = FormText.NullIfBlank(form["description"]),
            Environment = form["environment"] == "test" ? VirtualKeyEnvironment.Test : VirtualKeyEnvironment.Live,
            PrincipalUserId = FormText.NullIfBlank(form["principal_user_id"]),
            ExternalId = FormText.NullIfBlank(form["external_id"]),
            Permissions = FormText.SplitList(form["permissions"], []),
            AllowedIps = FormText.SplitList(form["allowed_ips"], []),
            ExpiresAt = form.ReadTime("expires_at"),
            ProviderCredentialIds = FormText.SplitLines(form["provider_credential_ids"]),
            Metadata = ReadMetadata(form),
            Config = ReadConfig(form),
        };
    }

    /// <summary>
    /// Returns what differs from the saved key. What cannot be read is an error of the form.
    /// </summary>
    public static UpdateVirtualKey ReadUpdate(FormState form, VirtualKey saved)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(saved);
        var changed = FindChangedTexts(form, Show(saved)).ToHashSet();
        var metadata = ReadMetadata(form);
        return new UpdateVirtualKey
        {
            Name = Set("name", text => text.Trim()),
            Description = Set("description", FormText.NullIfBlank),
            ExternalId = Set("external_id", FormText.NullIfBlank),
            Permissions = Set("permissions", text => FormText.SplitList(text, saved.Permissions)),
            AllowedIps = Set("allowed_ips", text => FormText.SplitList(text, saved.AllowedIps)),
            ExpiresAt = Set("expires_at", _ => form.ReadTime("expires_at")),
            ProviderCredentialIds = Set("provider_credential_ids", FormText.SplitLines),
            Config = Set("config", _ => CreatePatch(ReadConfig(form), saved.Config)),
            Metadata = IsMetadataChanged(form, Show(saved)) ? new(metadata) : default,
        };

        Optional<T> Set<T>(string field, Func<string, T> read) =>
            changed.Contains(field) ? new(read(form[field])) : default;
    }

    /// <summary>Marks the fields that differ from a key which was changed meanwhile.</summary>
    /// <returns>Whether there are any.</returns>
    public static bool MarkDifferences(FormState form, VirtualKey saved)
    {
        ArgumentNullException.ThrowIfNull(form);
        var shown = Show(saved);
        foreach (var field in FindChangedTexts(form, shown)) form.AddError(field, Describe(shown[field]));
        if (IsMetadataChanged(form, shown))
        {
            form.AddError(MetadataNames, Describe(FormText.JoinLines(
                shown.GetAll(MetadataNames).Zip(shown.GetAll(MetadataValues), (name, value) => $"{name}: {value}"))));
        }

        return !form.IsValid;
    }

    /// <summary>Returns the field by which an error of a row of the metadata is known, from 1.</summary>
    internal static string GetNameField(int row) => FormattableString.Invariant($"{MetadataNames}.{row}");

    private static string Describe(string text) => text.Length == 0 ? "Saved now: nothing" : $"Saved now: {text}";

    private static IEnumerable<string> FindChangedTexts(FormState form, FormState shown) =>
        TextFields.Where(field => form.Has(field) && form[field] != shown[field]);

    private static bool IsMetadataChanged(FormState form, FormState shown) =>
        form.Has(MetadataNames) && !GetRows(form).ToHashSet().SetEquals(GetRows(shown));

    /// <summary>Returns the rows that are not empty.</summary>
    private static IEnumerable<(string Name, string Value)> GetRows(FormState form) => form.GetAll(MetadataNames)
        .Zip(form.GetAll(MetadataValues))
        .Where(row => row.First.Length + row.Second.Length > 0);

    private static Dictionary<string, string> ReadMetadata(FormState form)
    {
        var metadata = new Dictionary<string, string>();
        foreach (var (index, (name, value)) in form.GetAll(MetadataNames).Zip(form.GetAll(MetadataValues)).Index())
        {
            var row = index + 1;
            if (name.Length == 0 && value.Length > 0)
                AddRowError(row, $"Row {row} has a value and no name.");
            else if (name.Length > 0 && !metadata.TryAdd(name, value))
                AddRowError(row, $"Row {row} has a name that is taken.");
        }

        return metadata;

        void AddRowError(int row, string message)
        {
            form.AddError(MetadataNames, message);
            form.AddError(GetNameField(row), message);
        }
    }

    private static string FormatConfig(JsonElement config) =>
        HasMembers(config) ? JsonSerializer.Serialize(config, Indented) : "";

    private static bool HasMembers(JsonElement config) =>
        config.ValueKind == JsonValueKind.Object && config.GetPropertyCount() > 0;

    /// <summary>Returns the configuration; null if there is none, or if it is invalid.</summary>
    private static JsonElement? ReadConfig(FormState form)
    {
        if (string.IsNullOrWhiteSpace(form["config"])) return null;
        try
        {
            var config = JsonElement.Parse(form["config"], Strict);
            if (config.ValueKind == JsonValueKind.Object) return config;
            form.AddError("config", "Must be a JSON object, such as {\"limit\": 10}.");
        }
        catch (JsonException exception)
        {
            form.AddError("config", exception.LineNumber is { } line
                ? $"Is not valid JSON, in line {line + 1}."
                : "Has a member twice.");
        }

        return null;
    }

    /// <summary>Returns the patch that leaves exactly the members of a configuration.</summary>
    private static JsonElement? CreatePatch(JsonElement? config, JsonElement saved)
    {
        if (config is not { } next) return null;
        var patch = new JsonObject();
        if (HasMembers(saved))
        {
            foreach (var member in saved.EnumerateObject())
                if (!next.TryGetProperty(member.Name, out _)) patch[member.Name] = null;
        }

        foreach (var member in next.EnumerateObject()) patch[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        return JsonSerializer.SerializeToElement(patch);
    }
}
