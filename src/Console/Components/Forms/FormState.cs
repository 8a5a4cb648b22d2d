using System.Globalization;
using KeysCluster.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KeysCluster.WebConsole.Components.Forms;

/// <summary>
/// The fields of a form: what they contain, and what is wrong with it. A field has the name of the member of the API.
/// </summary>
/// <param name="values">The contents of the fields.</param>
public sealed class FormState(IReadOnlyDictionary<string, StringValues> values)
{
    /// <summary>What a page says above a form with an invalid field.</summary>
    public const string Refused = "Nothing was saved: correct the marked field.";

    /// <summary>What a page says above a form whose subject was changed since it was shown.</summary>
    public const string Outdated =
        "Somebody changed it since you opened this page, so nothing was saved. Fields that differ show what is saved "
        + "now. Save again to replace it.";

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    private readonly Dictionary<string, string> _errors = [];

    /// <summary>Whether nothing was found to be wrong.</summary>
    public bool IsValid => _errors.Count == 0;

    /// <summary>The content of a field; empty if the form does not have it.</summary>
    public string this[string field] => GetAll(field) is [var first, ..] ? first : "";

    /// <summary>Returns a form with the content of one field.</summary>
    public static FormState Create(string field, StringValues content) =>
        new(new Dictionary<string, StringValues> { [field] = content });

    /// <summary>Returns what a person has sent; null if the request is no form, or another one.</summary>
    /// <param name="http">The request, whose form was read.</param>
    /// <param name="name">The name of the form.</param>
    public static FormState? Read(HttpContext http, string name)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType) return null;
        var form = http.Request.Form;
        return form["_handler"] == name
            ? new FormState(form.ToDictionary(field => field.Key, field => Normalize(field.Value)))
            : null;
    }

    /// <summary>Returns whether the form has a field.</summary>
    public bool Has(string field) => values.ContainsKey(field);

    /// <summary>Returns the contents of all fields with a name.</summary>
    public IReadOnlyList<string> GetAll(string field) =>
        values.TryGetValue(field, out var all) ? [.. all.Select(value => value ?? "")] : [];

    /// <summary>Returns the time in a field; null if it is empty, or invalid.</summary>
    public DateTimeOffset? ReadTime(string field)
    {
        var text = this[field].Trim();
        if (text.Length == 0) return null;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, Styles, out var time))
            return time;
        AddError(field, "Must be a time in UTC, such as 2027-01-31T12:00.");
        return null;
    }

    /// <summary>Returns a time as <see cref="ReadTime"/> reads it.</summary>
    public static string Format(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString(TimeFormats[0], CultureInfo.InvariantCulture) ?? "";

    /// <summary>Returns what is wrong with a field; null if nothing is.</summary>
    public string? GetError(string field) => _errors.GetValueOrDefault(field);

    /// <summary>Says what is wrong with a field. The first message is shown.</summary>
    public void AddError(string field, string message) => _errors.TryAdd(field, message);

    /// <summary>Says why the API refused the form.</summary>
    /// <returns>Whether one of the fields is the reason.</returns>
    public bool TryAddError(KeysApiException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var (field, message) = exception.ErrorCode switch
        {
            // Its message begins with the name of the member.
            "validation_failed" when exception.Message.Split(' ', 2) is [var member, [var first, .. var rest]] =>
                (member, $"{char.ToUpperInvariant(first)}{rest}"),
            "external_id_taken" => ("external_id", exception.Message),
            "expiry_exceeds_api_key" => ("expires_at", exception.Message),
            _ => ("", ""),
        };
        if (!Has(field)) return false;
        AddError(field, message);
        return true;
    }

    /// <summary>Browsers send line breaks in the form of Windows.</summary>
    private static StringValues Normalize(StringValues texts) =>
        new([.. texts.Select(text => text?.Replace("\r\n", "\n", StringComparison.Ordinal))]);
}
