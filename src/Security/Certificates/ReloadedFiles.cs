using System.Security.Cryptography;
using KeysCluster.Files;

namespace KeysCluster.Security.Certificates;

/// <summary>
/// A value that is read from files, such as a certificate and its key. A change of the files takes effect at the first
/// use after <see cref="CheckInterval"/>. Files that cannot be used are reported, and the previous value remains in
/// effect: an authority replaces the certificate and its key one after the other. Thread-safe.
/// </summary>
/// <typeparam name="T">The type of the value, which is immutable.</typeparam>
public sealed class ReloadedFiles<T>
{
    /// <summary>How often the files are compared with what was read: 5 seconds.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly string[] _paths;
    private readonly Func<string[], T> _load;
    private readonly TimeProvider _time;
    private readonly string? _privateFile;
    private readonly Lock _gate = new();
    private string[] _content;
    private T _current;
    private long _checkedAt;

    /// <summary>Reads the files.</summary>
    /// <param name="paths">The paths of the files.</param>
    /// <param name="load">Creates the value from the content of the files, in their order.</param>
    /// <param name="time">The clock.</param>
    /// <param name="privateFile">The file that other users must not be able to read; null if there is none.</param>
    /// <exception cref="InvalidOperationException">A file cannot be used; the message names the files.</exception>
    public ReloadedFiles(string[] paths, Func<string[], T> load, TimeProvider time, string? privateFile = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(time);
        (_paths, _load, _time, _privateFile) = (paths, load, time, privateFile);
        _checkedAt = time.GetTimestamp();
        try
        {
            _content = ReadFiles();
            _current = load(_content);
        }
        catch (Exception exception) when (IsFileProblem(exception))
        {
            throw new InvalidOperationException(
                $"{exception.Message} Files: {string.Join(", ", paths)}.", exception);
        }
    }

    /// <summary>Receives the value that replaced another one.</summary>
    public Action<T>? Reloaded { get; init; }

    /// <summary>Receives the reason why changed files cannot be used.</summary>
    public Action<string>? ReloadFailed { get; init; }

    /// <summary>The value of the files.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_checkedAt) < CheckInterval) return _current;
                _checkedAt = _time.GetTimestamp();
                try
                {
                    var content = ReadFiles();
                    if (content.AsSpan().SequenceEqual(_content)) return _current;
                    _current = _load(content);
                    _content = content;
                    Reloaded?.Invoke(_current);
                }
                catch (Exception exception) when (IsFileProblem(exception))
                {
                    ReloadFailed?.Invoke(exception.Message);
                }

                return _current;
            }
        }
    }

    private static bool IsFileProblem(Exception exception) => exception
        is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private string[] ReadFiles()
    {
        if (_privateFile is { } path && SecretFile.FindProblem(path, isGroupReader: true) is { } problem)
            throw new IOException(problem);
        return [.. _paths.Select(File.ReadAllText)];
    }
}
