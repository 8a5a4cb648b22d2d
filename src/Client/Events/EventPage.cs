namespace KeysCluster.Client;

/// <summary>A page of events.</summary>
/// <param name="Data">The events. A page before the last one can be short or empty.</param>
/// <param name="NextCursor">
/// Selects the events after this page, also those that are added later; null at the end of a list in descending order.
/// </param>
/// <param name="HasMore">Whether there are more events already.</param>
public sealed record EventPage(IReadOnlyList<KeyEvent> Data, string? NextCursor, bool HasMore);
