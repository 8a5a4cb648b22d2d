using TextCopy;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>A clipboard that only the test sees.</summary>
internal sealed class FakeClipboard : IClipboard
{
    public string? Text { get; private set; }

    /// <summary>Whether this machine has no clipboard, as a server.</summary>
    public bool IsMissing { get; set; }

    public string? GetText() => Text;

    public Task<string?> GetTextAsync(CancellationToken cancellation = default) => Task.FromResult(Text);

    public void SetText(string text) =>
        Text = IsMissing ? throw new InvalidOperationException("There is no clipboard.") : text;

    public Task SetTextAsync(string text, CancellationToken cancellation = default)
    {
        SetText(text);
        return Task.CompletedTask;
    }
}
