using System.Globalization;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary>Webhooks for people.</summary>
internal static class WebhookView
{
    /// <summary>Writes a webhook as the result of a command.</summary>
    public static void WriteWebhook(this CommandRun run, Webhook webhook) =>
        run.Results.Write(webhook, webhook.Id, console => Write(console, webhook, run.Now));

    public static void Write(IAnsiConsole console, Webhook webhook, DateTimeOffset now)
    {
        console.WriteMarkupLine($"[bold]{webhook.Url}[/]  {webhook.Id}");
        console.Write(Tables.CreateFields(
            ("Status", FormatStatus(webhook)),
            ("Description", webhook.Description?.ToMarkup()),
            ("Types", FormatTypes(webhook, ", ")),
            ("Created", RelativeTime.Format(webhook.CreatedAt, now)),
            ("Old secret signs", FormatTime(webhook.RetiringUntil, now))));
    }

    public static void WriteList(IAnsiConsole console, IReadOnlyList<Webhook> webhooks)
    {
        if (webhooks.Count == 0)
        {
            console.MarkupLine("No webhooks. Create one with: [bold]keys webhooks create <url>[/]");
            return;
        }

        var table = Tables.IsNarrow(console)
            ? Tables.CreateTable("URL", "Id", "Status")
            : Tables.CreateTable("URL", "Id", "Status", "Types");
        foreach (var webhook in webhooks)
        {
            string[] cells =
            [
                webhook.Url.ToMarkup(), webhook.Id, FormatStatus(webhook), FormatTypes(webhook, "\n"),
            ];
            table.Add(cells[..table.Columns.Count]);
        }

        console.Write(table);
    }

    public static void WriteDeliveries(
        IAnsiConsole console, IReadOnlyList<WebhookDelivery> deliveries, DateTimeOffset now)
    {
        if (deliveries.Count == 0)
        {
            console.WriteLine("No deliveries.");
            return;
        }

        if (Tables.IsNarrow(console))
        {
            foreach (var delivery in deliveries) WriteDelivery(console, delivery, now);
            return;
        }

        var table = Tables.CreateTable("Delivery", "Type", "Status", "Answer", "Attempts", "Next");
        foreach (var delivery in deliveries)
        {
            table.Add(
                delivery.Id,
                delivery.Type.ToMarkup(),
                FormatStatus(delivery.Status),
                FormatAnswer(delivery).ToMarkup(),
                delivery.AttemptCount.ToString(CultureInfo.InvariantCulture),
                RelativeTime.Format(delivery.NextAttemptAt, now));
        }

        console.Write(table);
    }

    public static void WriteDelivery(IAnsiConsole console, WebhookDelivery delivery, DateTimeOffset now)
    {
        console.WriteMarkupLine($"[bold]{delivery.Type}[/]  {delivery.Id}");
        console.Write(Tables.CreateFields(
            ("Status", FormatStatus(delivery.Status)),
            ("Answer", FormatAnswer(delivery).ToMarkup()),
            ("Next attempt", FormatTime(delivery.NextAttemptAt, now))));
    }

    private static string? FormatTime(DateTimeOffset? time, DateTimeOffset now) =>
        time is null ? null : RelativeTime.Format(time, now);

    private static string FormatTypes(Webhook webhook, string separator) =>
        webhook.EventTypes is null ? "all" : string.Join(separator, webhook.EventTypes).ToMarkup();

    private static string FormatStatus(Webhook webhook) => webhook switch
    {
        { Status: WebhookStatus.Enabled } => "[green]enabled[/]",
        { DisabledReason: "failing" } => "[red]disabled: the endpoint accepts nothing[/]",
        _ => "[yellow]disabled[/]",
    };

    private static string FormatStatus(WebhookDeliveryStatus status) => status switch
    {
        WebhookDeliveryStatus.Delivered => "[green]delivered[/]",
        WebhookDeliveryStatus.Failed => "[red]failed[/]",
        _ => $"[yellow]{status.ToString().ToLowerInvariant()}[/]",
    };

    private static string FormatAnswer(WebhookDelivery delivery) =>
        delivery.Attempts is [.., { } last] ? $"{last.StatusCode} {last.Error}".Trim() : "–";
}
