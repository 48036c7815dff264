import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The console's colours and fonts: custom properties reach into the shadow tree that the editor lives in. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--text)',
    background: 'var(--ground-0)',
    fontSize: '12.5px',
  },
  '&.cm-focused': { outline: 'none' },
  // Drawn above the gutter, which would cover an outline.
  '&.cm-focused::after': {
    position: 'absolute',
    inset: '0',
    zIndex: '300',
    border: '2px solid var(--accent)',
    content: '""',
    pointerEvents: 'none',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '19px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
  // Of who embeds the editor: `--hidden-text: disc` shows dots in place of what is marked as hidden.
  '.cm-hidden, .cm-hidden *': { WebkitTextSecurity: 'var(--hidden-text, none)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    color: 'var(--text-3)',
    background: 'var(--ground-0)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { background: 'color-mix(in oklab, var(--ground-2) 55%, transparent)' },
  '.cm-activeLineGutter': { color: 'var(--text)', background: 'var(--ground-2)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--glow) !important',
  },
  '.cm-selectionMatch': { background: 'var(--accent-ground)' },
  '.cm-searchMatch': { background: 'var(--warn-ground)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { background: 'var(--glow)' },
  '.cm-foldPlaceholder': {
    padding: '0 6px',
    color: 'var(--text-2)',
    background: 'var(--ground-2)',
    border: '1px solid var(--line-strong)',
  },
  '.cm-panels': { color: 'var(--text)', background: 'var(--ground-1)', fontFamily: 'var(--sans)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 32px 6px 8px' },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text)', fontSize: '18px', width: '24px' },
  '.cm-textfield': {
    color: 'var(--text)',
    background: 'var(--ground-0)',
    border: '1px solid var(--line-strong)',
    fontSize: '13px',
  },
  '.cm-button': {
    color: 'var(--text)',
    background: 'var(--ground-2)',
    backgroundImage: 'none',
    border: '1px solid var(--line-strong)',
    fontSize: '12px',
  },
  '.cm-tooltip': {
    maxWidth: '520px',
    color: 'var(--text)',
    background: 'var(--ground-2)',
    border: '1px solid var(--line-strong)',
    borderRadius: '4px',
    fontFamily: 'var(--sans)',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', lineHeight: '20px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--on-accent)',
    background: 'var(--accent)',
  },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo, .docs': { padding: '6px 10px', fontSize: '12px', lineHeight: '18px' },
  '.docs p': { margin: '4px 0 0', color: 'var(--text-2)' },
  '.cm-diagnostic': { padding: '4px 8px', fontSize: '12px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn)' },
  // The names of fields are in the accent's colour: a stronger ground would take their contrast. A line says what has changed.
  '.cm-changedLine': { background: 'color-mix(in oklab, var(--ok) 10%, transparent) !important' },
  '.cm-changedText': {
    background: 'color-mix(in oklab, var(--ok) 12%, transparent) !important',
    boxShadow: 'inset 0 -2px var(--ok)',
  },
  '.cm-deletedChunk': { background: 'color-mix(in oklab, var(--bad) 8%, transparent) !important' },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in oklab, var(--bad) 9%, transparent) !important',
    boxShadow: 'inset 0 -2px var(--bad)',
  },
  // On the strongest grounds no colour of the syntax has the contrast of 4.5 : 1.
  '.cm-changedText, .cm-changedText *, .cm-deletedText, .cm-deletedText *': {
    color: 'var(--text) !important',
  },
  '.cm-deletedLine, .cm-deletedChunk del': { textDecoration: 'none' },
  '.cm-changeGutter': { width: '3px' },
  '.cm-changedLineGutter': { background: 'var(--ok)' },
  '.cm-deletedLineGutter': { background: 'var(--bad)' },
  '.cm-collapsedLines': {
    color: 'var(--text-2)',
    background: 'var(--ground-1)',
    fontFamily: 'var(--sans)',
    // Its own mark is in none of our fonts.
    '&:before, &:after': { content: '"⋯"' },
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.separator, tags.punctuation, tags.brace, tags.squareBracket], color: 'var(--text-3)' },
  { tag: tags.meta, color: 'var(--text-3)' },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(colours)];
