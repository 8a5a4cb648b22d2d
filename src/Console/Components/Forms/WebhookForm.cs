using KeysCluster.Client;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Components.Forms;

/// <summary>What a person enters for a webhook.</summary>
/// <param name="Url">The address of the endpoint.</param>
/// <param name="Description">A description; null for none.</param>
/// <param name="HasAllTypes">Whether events of all types are delivered, also those that are added later.</param>
/// <param name="Types">Otherwise the types.</param>
public sealed record WebhookForm(string Url, string? Description, bool HasAllTypes, IReadOnlyList<string> Types)
{
    internal static WebhookForm Empty { get; } = new("", null, true, []);

    /// <summary>The types for the API, where null means all.</summary>
    public IReadOnlyList<string>? EventTypes => HasAllTypes ? null : Types;

    /// <summary>Whether no event would be delivered. The API would take that for all.</summary>
    public bool HasNoTypes => !HasAllTypes && Types.Count == 0;

    internal static WebhookForm From(Webhook webhook) =>
        new(webhook.Url, webhook.Description, webhook.EventTypes is null, webhook.EventTypes ?? []);

    internal static WebhookForm Read(HttpRequest request)
    {
        var form = request.Form;
        var description = form["description"].ToString().Trim();
        return new WebhookForm(
            form["url"].ToString().Trim(),
            description.Length == 0 ? null : description,
            form["scope"] != "some",
            [.. form["types"].OfType<string>()]);
    }
}
